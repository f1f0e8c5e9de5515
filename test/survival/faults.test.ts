import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recordAccess } from '../../src/rehearse/access-history.js';
import { openSandbox, serveSandbox } from '../../src/sandbox/index.js';
import type { FaultName, Sandbox } from '../../src/sandbox/index.js';
import { documentOf, openStage, targetOf } from '../support/cli.js';
import type { Ended, Stage } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';
import { EVERYTHING, IGNORES_START, pictureOf, smallInstance } from '../support/survival.js';
import { inputs } from '../support/law.js';

/** All transient faults. Requests that hang are tested in `one-in-four.test.ts`. */
const FAULTS: FaultName[] = [
  '429-bare',
  '500',
  '502',
  '503',
  'reset',
  'answer-lost',
  'answer-cut',
  'not-applied',
  'short-list',
  'moving-total',
  'html-error',
  'malformed',
];

const faults = fc.array(
  fc.record({ name: fc.constantFrom(...FAULTS), rate: fc.constantFrom(0.02, 0.05, 0.1, 0.25) }),
  { minLength: 1, maxLength: 4 },
);

interface Reported {
  kind: string;
  changes?: { id: string; kind: string; role: string | null; status: string; reason: string | null }[];
}

let stage: Stage | null = null;
afterEach(() => stage?.close());

function apply(at: Stage): Promise<Ended> {
  return runWithin(['apply', '--yes', '--format', 'json'], {
    cwd: at.folder,
    env: targetOf(at),
    skipWaits: true,
  });
}

/**
 * Whether the instance has the effect of a change. Lists only changes that no later change of the plan overwrites.
 */
const RECORD: Record<string, (sandbox: Sandbox) => boolean> = {
  'role.update:Data Analyst': (sandbox) => roleCalled(sandbox, 'Data Analyst')?.description === 'New words',
  'role.update:Ring A': (sandbox) => roleCalled(sandbox, 'Ring A')?.id === 200_000_002,
  'role.update:Ring B': (sandbox) => roleCalled(sandbox, 'Ring B')?.id === 200_000_001,
  'role.create:Made': (sandbox) => roleCalled(sandbox, 'Made') !== undefined,
  'role.create:Started': (sandbox) => (roleCalled(sandbox, 'Started')?.authorities.length ?? 0) > 20,
  'grants.set:Made': (sandbox) => grantsOf(sandbox, 'Made') === 'content.export dataset.export',
  'grants.set:Shrinks': (sandbox) => grantsOf(sandbox, 'Shrinks') === 'alert.edit',
  'grants.set:Grows': (sandbox) => grantsOf(sandbox, 'Grows') === 'alert.edit content.card.edit',
  'grants.set/after-moves:Splits': (sandbox) =>
    grantsOf(sandbox, 'Splits') === 'alert.edit content.page.edit',
  'members.move:Made': (sandbox) => placeOf(sandbox, 'ana') === 'Made',
  'members.move:Shrinks': (sandbox) => placeOf(sandbox, 'eva') === 'Shrinks',
  'members.move:Splits': (sandbox) => placeOf(sandbox, 'cleo') === 'Splits',
  'members.move:Participant': (sandbox) => placeOf(sandbox, 'dan') === 'Participant',
  'defaultRole.set': (sandbox) => sandbox.state().settings.defaultRoleId === 4,
  'allowlist.set': (sandbox) => allowlistOf(sandbox) === '200000003, 4, 5, Made',
  'role.delete:Gone': (sandbox) => roleCalled(sandbox, 'Gone') === undefined,
};

function roleCalled(sandbox: Sandbox, name: string) {
  return sandbox.state().roles.find((role) => role.name === name);
}
function grantsOf(sandbox: Sandbox, name: string): string | undefined {
  return roleCalled(sandbox, name)?.authorities.sort().join(' ');
}
function allowlistOf(sandbox: Sandbox): string | undefined {
  const { roles, settings } = sandbox.state();
  const made = roles.find(({ name }) => name === 'Made')?.id;
  // By id, since the list may contain a role whose rename failed.
  return settings.allowlistRoleIds
    ?.map((id) => (id === made ? 'Made' : String(id)))
    .sort()
    .join(', ');
}
function placeOf(sandbox: Sandbox, name: string): string | undefined {
  const { users, roles } = sandbox.state();
  const roleId = users.find(({ email }) => email === `${name}@acme.com`)?.roleId;
  return roles.find(({ id }) => id === roleId)?.name;
}

/** Compares the report of an apply with the state of the instance. */
function expectCorrectReport(ended: Ended, sandbox: Sandbox): void {
  const reported = documentOf<Reported>(ended);
  if (reported.kind === 'error') {
    expect([1, 4]).toContain(ended.code);
    return;
  }
  const changes = reported.changes ?? [];
  const through = changes.every(({ status }) => status === 'done' || status === 'already');
  expect(ended.code).toBe(through ? 0 : 5);
  for (const { id, status, reason } of changes) {
    const record = RECORD[id];
    if (!record || status === 'unknown') continue;
    const isDone = status === 'done' || status === 'already';
    // A failed create may have made the role with other grants; a skipped change may be in place from an earlier run.
    if (isDone) expect([id, status, record(sandbox)]).toEqual([id, status, true]);
    else if (id !== 'role.create:Started')
      expect([id, status, reason, record(sandbox)]).toEqual([id, status, reason, false]);
  }
}

describe('an instance with random faults', () => {
  it('is reported correctly by every run and reaches the state of the manifest in the end', async () => {
    const reference = await openStage({ state: smallInstance(), quirks: IGNORES_START });
    await reference.write('domo-roles.yaml', EVERYTHING);
    expect((await apply(reference)).code).toBe(0);
    const wanted = pictureOf(reference.sandbox);
    await reference.close();

    await fc.assert(
      fc.asyncProperty(faults, fc.nat(), async (befall, seed) => {
        const own = await openSandbox({ state: smallInstance(), quirks: IGNORES_START, seed });
        const served = await serveSandbox(own, {});
        const base = await openStage();
        stage = { ...base, sandbox: own, url: served.url };
        try {
          await base.write('domo-roles.yaml', EVERYTHING);
          const accessRecord = recordAccess(own.access());
          own.onWrite(() => accessRecord.record(own.access()));
          own.setFaults(befall);
          for (let run = 0; run < 3; run += 1) expectCorrectReport(await apply(stage), own);
          own.setFaults([]);
          const last = await apply(stage);
          expect([last.code, last.stderr]).toEqual([0, '']);
          expect(pictureOf(own)).toEqual(wanted);
          expect(accessRecord.excesses()).toEqual([]);
        } finally {
          await served.close();
          await own.close();
          await base.close();
          stage = null;
        }
      }),
      { seed: 20_261_121, numRuns: inputs(10) },
    );
  }, 240_000);
});
