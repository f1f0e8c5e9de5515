import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Drift } from '../../src/drift/drift.js';
import { runWithin } from '../support/in-process.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Data Analyst:
    grants: [content.card.edit, retired.grant]
  Deleted Role: { id: 999999, description: was here }
`;

async function folderWith(manifest: string): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'domo-roles-drift-'));
  await writeFile(join(cwd, 'domo-roles.yaml'), manifest);
  return cwd;
}

describe('drift against a manifest that names something the instance lacks', () => {
  it('reports everything else in one document, writes every report and exits with 3', async () => {
    const cwd = await folderWith(MANIFEST);
    const argv = ['drift', '--sandbox', '--format', 'json', '--out', 'd.json', '--report', 'junit=d.xml'];
    const { code, stdout } = await runWithin(argv, { cwd });
    expect(code).toBe(3);
    const drift = JSON.parse(stdout) as Drift;
    expect(drift.problems.map(({ code: problem, file, line }) => [problem, file, line])).toEqual([
      ['unknown-grant', 'domo-roles.yaml', 5],
      ['unknown-pin', 'domo-roles.yaml', 6],
    ]);
    expect(drift.changes.map(({ role }) => role)).toEqual(['Data Analyst']);
    expect(await readFile(join(cwd, 'd.json'), 'utf8')).toBe(stdout);
    expect(await readFile(join(cwd, 'd.xml'), 'utf8')).toContain('retired.grant');
    const again = await runWithin(['report', 'd.json'], { cwd });
    expect([again.code, again.stdout.includes('2 problems of the manifest')]).toEqual([0, true]);
  });

  it('exits with 3 when a name only resembles a live one, even without a difference', async () => {
    const cwd = await folderWith('apiVersion: domo-roles/v1\nkind: Roles\nremoved: [data analyst]\n');
    const { code, stdout } = await runWithin(['drift', '--sandbox', '--format', 'json'], { cwd });
    const { problems, changes } = JSON.parse(stdout) as Drift;
    expect([code, changes]).toEqual([3, []]);
    expect(problems.map((one) => one.code)).toEqual(['ambiguous-name']);
    expect(problems[0]?.hint).toContain('"Data Analyst"');
  });

  it('exits with 3 when nothing else differs, and plan makes no plan', async () => {
    const cwd = await folderWith(MANIFEST.replace(/ {2}Data Analyst:\n.*\n/u, ''));
    const { code, stdout } = await runWithin(['drift', '--sandbox'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toContain('The rest was compared: no difference.');
    expect((await runWithin(['plan', '--sandbox'], { cwd })).code).toBe(3);
  });
});
