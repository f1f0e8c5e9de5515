import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { documentOf, openStage } from '../support/cli.js';
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

describe('the main job against a served instance', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
    await stage.write('domo-roles.yaml', MANIFEST);
  });
  afterEach(() => stage.close());

  it('applies a manifest, and then has nothing left to do', async () => {
    const before = await stage.run('plan', '--detailed-exitcode');
    expect(before).toMatchObject({ code: 2, stderr: '' });
    const applied = await stage.run('apply', '--yes', '--format', 'json');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(applied)).toMatchObject({ kind: 'outcome', summary: { changes: 5, done: 5 } });
    const after = await stage.run('plan', '--detailed-exitcode');
    expect(after).toMatchObject({ code: 0, stderr: '' });
    expect(after.stdout).toContain('No changes');
  });

  it('gives the same bytes for the same plan', async () => {
    const [one, other] = [
      await stage.run('plan', '--format', 'json'),
      await stage.run('plan', '--format', 'json'),
    ];
    expect([one.code, other.code]).toEqual([0, 0]);
    const bytes = (text: string): string => text.replace(/"madeAt": "[^"]*"/u, '');
    expect(bytes(one.stdout)).toBe(bytes(other.stdout));
  });
});
