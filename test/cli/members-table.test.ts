import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { documentOf } from '../support/cli.js';
import { manifest, planned, refusedFor, roleOf, stageForFile, writesOf } from './support.js';

const held = stageForFile();
const TABLE = manifest(`roles:
  Data Analyst: { members: { mode: additive, file: members/people.csv } }
policy: { removedMembersTo: Social }
`);

interface Found {
  problems: { code: string; file: string; line: number; column: number; hint: string | null }[];
}

async function give(table: string | Buffer): Promise<void> {
  const { stage } = held;
  await stage.write('domo-roles.yaml', TABLE);
  await stage.write('members/.keep', '');
  await writeFile(join(stage.folder, 'members/people.csv'), table);
}

describe('a members table on disk', () => {
  it('is used by plan and apply, with any separator, case, quoting and byte order mark', async () => {
    await give('\uFEFF"Mail"\tUntil\tteam\r\n"BO@acme.com"\t\tx\r\niris@acme.com\t2099-12-31\ty\r\n');
    const plan = await planned(held.stage);
    expect(refusedFor(plan)).toEqual([]);
    expect(plan.warnings).toContainEqual(
      expect.objectContaining({ code: 'column-not-read', file: 'members/people.csv', line: 1 }),
    );
    expect(plan.manifest.files.map(({ path }) => path)).toEqual(['domo-roles.yaml', 'members/people.csv']);
    expect((await held.stage.run('apply', '--yes')).code).toBe(0);
    expect([roleOf(held.stage, 'Bo'), roleOf(held.stage, 'Iris')]).toEqual(['Data Analyst', 'Data Analyst']);
  });

  describe('with wrong rows', () => {
    const SECRET = 'token-5f2c';
    const ROWS = `email,until,note\nana@acme.com,2099-13-01,${SECRET}\n${SECRET},,x\nbo@acme.com,,"${SECRET}\n`;
    const PLACES = ['members/people.csv:2', 'members/people.csv:3', 'members/people.csv:4'];

    it('is rejected by validate and plan with the line of every row', async () => {
      await give(ROWS);
      const { stage } = held;
      const valid = await stage.run('validate', '--format', 'json');
      expect(valid.code).toBe(3);
      expect(documentOf<Found>(valid).problems.map(({ file, line }) => `${file}:${line}`)).toEqual(PLACES);
      const plan = await stage.run('plan', '--format', 'json');
      expect(plan.code).toBe(3);
      expect(documentOf<Found>(plan).problems.map(({ file, line }) => `${file}:${line}`)).toEqual(PLACES);
      expect(writesOf(stage)).toEqual([]);
    });

    it.each(['text', 'json', 'github', 'sarif'])('shows no cell of the rows in %s', async (format) => {
      await give(ROWS);
      const { code, stdout, stderr } = await held.stage.run('validate', '--format', format);
      expect(code).toBe(3);
      expect(stdout + stderr).toContain('members/people.csv');
      expect(stdout + stderr).not.toContain(SECRET);
    });

    it.each(['text', 'json'])('shows no cell of the rows in %s when a plan is made', async (format) => {
      await give(ROWS);
      const { code, stdout, stderr } = await held.stage.run('plan', '--format', format);
      expect(code).toBe(3);
      expect(stdout + stderr).not.toContain(SECRET);
    });
  });

  it.each<[string, Buffer]>([
    [
      'UTF-16 with a mark',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('email\nana@acme.com\n', 'utf16le')]),
    ],
    ['UTF-16 without one', Buffer.from('email\nana@acme.com\n', 'utf16le')],
    ['Latin 1', Buffer.from('email,note\nana@acme.com,M\u00fcller\n', 'latin1')],
  ])('is rejected in %s with advice', async (_, bytes) => {
    await give(bytes);
    for (const command of ['validate', 'plan']) {
      const ended = await held.stage.run(command, '--format', 'json');
      expect([command, ended.code]).toEqual([command, 3]);
      expect(documentOf<Found>(ended).problems[0]).toMatchObject({
        code: 'members-file',
        hint: expect.stringContaining('UTF-8'),
      });
    }
  });

  it('is refused with the line of each address that is not on the instance', async () => {
    await give('email\nana@acme.com\nanna@acme.com\n');
    const plan = await planned(held.stage);
    expect(plan.refusals).toMatchObject([
      { code: 'missing-people', items: [expect.stringContaining('members/people.csv:3:1')] },
    ]);
  });
});
