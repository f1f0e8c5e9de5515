import { describe, expect, it } from '@jest/globals';
import { QUIRKS } from '../../src/sandbox/quirks.js';
import type { QuirkInfo, Quirks } from '../../src/sandbox/quirks.js';
import { everyQuirk } from '../support/every-quirk.js';
import { stride } from '../support/law.js';
import { ID, manifest, outcomeOf, peopleIn, roleNamed, stageForFile } from './support.js';

const MANIFEST = manifest(`defaultRole: Reader
roles:
  Reader:
    description: Reads what was shared
    grants: [alert.edit, content.export]
    members: [bo@acme.com, iris@acme.com]
  Analytics:
    description: Looks into data
    renamedFrom: [Data Analyst]
    grants: { mode: additive, add: [fileshare.create] }
  Builder:
    basedOn: Editor
    members: { mode: additive, users: [zoe@acme.com] }
  Finance Viewer:
    # It depends on alert.edit, which some instances add.
    grants: [alert.actions]
removed: [Old Reporting]
`);

/** No client can work while one of these is on. */
const BLOCKING_QUIRKS: readonly (keyof Quirks)[] = ['unknownInstance', 'networkBlocked', 'networkRedirected'];

function on(info: QuirkInfo): Partial<Quirks> {
  return { [info.key]: info.value ? info.value.preset : true };
}

const SETS: [string, Partial<Quirks>][] = [
  ...QUIRKS.filter(({ key }) => !BLOCKING_QUIRKS.includes(key)).map((info): [string, Partial<Quirks>] => [
    info.name,
    on(info),
  ]),
  ['all compatible quirks together', everyQuirk()],
];

/** To save time, every second one, and always all of them together. */
const step = stride(1);
const CHOSEN = SETS.filter((_, index) => index % step === 0 || index === SETS.length - 1);

describe('an instance with quirks', () => {
  const held = stageForFile();

  it.each(CHOSEN)('is applied to successfully, and the next plan is empty: %s', async (_name, quirks) => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MANIFEST);
    stage.sandbox.setQuirks(quirks);
    const applied = await stage.run('apply', '--yes', '--format', 'json');
    expect(applied).toMatchObject({ code: 0 });
    const { summary } = outcomeOf(applied);
    expect(summary.done).toBe(summary.changes);
    const again = await stage.run('plan', '--detailed-exitcode');
    expect(again).toMatchObject({ code: 0 });

    expect(roleNamed(stage, 'Reader')?.authorities).toEqual(
      expect.arrayContaining(['alert.edit', 'content.export']),
    );
    expect(roleNamed(stage, 'Analytics')?.id).toBe(ID.analyst);
    expect(peopleIn(stage, 'Reader')).toEqual(['Bo', 'Iris']);
    expect(stage.sandbox.state().settings.defaultRoleId).toBe(roleNamed(stage, 'Reader')?.id);
    expect(roleNamed(stage, 'Old Reporting')).toBeUndefined();
  });
});
