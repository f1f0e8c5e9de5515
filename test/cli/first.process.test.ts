import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { documentOf, openProcessStage, targetOf } from '../support/cli.js';
import type { Stage } from '../support/cli.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
defaultRole: Participant
roles:
  Reader:
    description: Reads
    grants: [content.export, alert.edit]
    members: [bo@acme.com]
removed: [Old Reporting]
`;

describe('plan and apply against a served instance', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openProcessStage();
    await stage.write('domo-roles.yaml', MANIFEST);
  });
  afterEach(() => stage.close());

  it('apply a manifest and then have nothing left to do', async () => {
    const before = await stage.run('plan', '--detailed-exitcode');
    expect(before).toMatchObject({ code: 2, stderr: '' });
    const applied = await stage.run('apply', '--yes', '--format', 'json');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(applied)).toMatchObject({ kind: 'outcome', summary: { changes: 5, done: 5 } });
    const after = await stage.run('plan', '--detailed-exitcode');
    expect(after).toMatchObject({ code: 0, stderr: '' });
    expect(after.stdout).toContain('No changes');
  });

  it('produce the same bytes for the same plan', async () => {
    const [one, other] = [
      await stage.run('plan', '--format', 'json'),
      await stage.run('plan', '--format', 'json'),
    ];
    expect([one.code, other.code]).toEqual([0, 0]);
    const bytes = (text: string): string => text.replace(/"madeAt": "[^"]*"/u, '');
    expect(bytes(one.stdout)).toBe(bytes(other.stdout));
  });

  it('respect NO_COLOR and never color a pipe', async () => {
    const withoutTimes = (text: string): string => text.replace(/ \d\d:\d\d UTC/u, '');
    const plain = await stage.run('plan');
    for (const env of [{ NO_COLOR: '1' }, { FORCE_COLOR: '1', TERM: 'xterm-256color' }]) {
      const { stdout } = await stage.runWith({ ...targetOf(stage), ...env }, 'plan');
      expect(withoutTimes(stdout)).toBe(withoutTimes(plain.stdout));
      expect(stdout).not.toContain('\u001b');
    }
    const wrong = await stage.runWith({ FORCE_COLOR: '1' }, 'plan');
    expect(wrong.stderr).not.toContain('\u001b');
  });
});
