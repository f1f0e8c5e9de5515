import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openProcessStage } from '../support/cli.js';
import type { Stage } from '../support/cli.js';
import { readCsv } from '../support/read-csv.js';
import { checked, manifest, roleNamed } from './support.js';

let dev: Stage;
let prod: Stage;

beforeAll(async () => {
  dev = await openProcessStage();
  prod = await openProcessStage();
});
afterAll(async () => {
  await dev.close();
  await prod.close();
});

/** The role of each person. */
function placesOf({ sandbox }: Stage): unknown {
  return sandbox.state().users.map(({ email, roleId }) => [email, roleId]);
}

/** Copies a file from one folder to the other. */
async function carry(name: string): Promise<void> {
  await writeFile(join(prod.folder, name), await readFile(join(dev.folder, name)));
}

describe('promoting a role', () => {
  it('copies it to another instance without its people, after which both are equal', async () => {
    await dev.write(
      'domo-roles.yaml',
      manifest(`roles:
  "=Campaign, \\"EU\\"":
    description: "-1"
    grants: [alert.edit, content.export]
    members: { mode: additive, users: [ana@acme.com] }
  Finance Viewer:
    grants: { mode: additive, add: [content.export] }
`),
    );
    expect(await dev.run('apply', '--yes')).toMatchObject({ code: 0 });
    const before = placesOf(prod);

    const flags = ['--without', 'members', '--compact'];
    expect(await dev.run('export', ...flags, '--out', 'roles.yaml')).toMatchObject({ code: 0 });
    await carry('roles.yaml');
    expect(await prod.spawnWith({}, 'validate', 'roles.yaml')).toMatchObject({ code: 0 });
    expect(await prod.run('apply', 'roles.yaml', '--yes')).toMatchObject({ code: 0 });
    expect(placesOf(prod)).toEqual(before);
    expect(roleNamed(prod, '=Campaign, "EU"')?.authorities).toEqual(
      roleNamed(dev, '=Campaign, "EU"')?.authorities,
    );

    expect(await dev.run('export', '--format', 'snapshot', '--out', 'dev.json')).toMatchObject({ code: 0 });
    await carry('dev.json');
    expect(await prod.run('diff', 'dev.json', 'live', '--without', 'members')).toMatchObject({ code: 0 });
    const whole = await prod.run('diff', 'dev.json', 'live', '--format', 'json');
    expect(whole.code).toBe(2);
    expect(checked(whole, 'answer')).toMatchObject({
      roles: { onlyA: [], onlyB: [], changed: [] },
      people: [{ person: 'ana@acme.com', a: '=Campaign, "EU"', b: 'Data Analyst' }],
    });
  });

  it('is reported in every format, without formulas in tables', async () => {
    const person = await dev.run('get', 'person', 'ANA@acme.com', 'domo-roles.yaml', '--format', 'json');
    expect(person).toMatchObject({ code: 0, stderr: '' });
    expect(checked(person, 'answer')).toMatchObject({
      answer: {
        role: '=Campaign, "EU"',
        entries: [{ file: 'domo-roles.yaml', line: 7 }],
        grants: expect.arrayContaining([
          { grant: 'content.export', title: 'Export from Domo', file: 'domo-roles.yaml', line: 6 },
        ]),
      },
    });
    for (const words of [
      ['export', '--format', 'csv'],
      ['get', 'people', '--format', 'csv'],
    ]) {
      const ended = await dev.run(...words);
      const ana = readCsv(ended.stdout).find((row) => row.includes('ana@acme.com'));
      expect(ana).toContain('\'=Campaign, "EU"');
    }
    const holders = await dev.run('who-can', 'export FROM domo', '--format', 'json');
    expect(checked<{ grant: string }>(holders, 'answer').grant).toBe('content.export');
  });
});
