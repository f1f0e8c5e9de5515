import { describe, expect, it } from '@jest/globals';
import { openProcessStage } from '../support/cli.js';
import { manifest, roleOf, stageForFile } from './support.js';

const body = (until: string): string =>
  manifest(`roles:
  Editor: { members: { mode: additive, users: [{ email: bo@acme.com, until: ${until} }] } }
  Finance: { members: { mode: additive, users: [nobody@acme.com] } }
policy: { removedMembersTo: Social, minAdmins: 50 }
`);

describe('timed access, run as processes against a served instance', () => {
  const held = stageForFile(openProcessStage);

  it('grants the role, ends it at night, and reports before that how late it is', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', body('2099-12-31'));
    const allow = ['--allow', 'missing-people', '--allow', 'min-admins'];
    expect(await stage.spawn('apply', '--yes', ...allow)).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Editor');
    await stage.write('domo-roles.yaml', body('2020-12-31'));
    const drift = await stage.spawn('drift');
    expect(drift.code).toBe(2);
    expect(drift.stdout).toMatch(/ended 2020-12-31, [\d,]+ days late/u);
    expect(await stage.spawn('apply', '--yes')).toMatchObject({ code: 4 });
    expect(await stage.spawn('apply', '--only-expired', '--yes')).toMatchObject({ code: 0 });
    expect(roleOf(stage, 'Bo')).toBe('Social');
  });
});
