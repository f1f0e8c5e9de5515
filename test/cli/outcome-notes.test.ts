import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../src/apply/outcome.js';
import { checkSchema } from '../support/check-schema.js';
import { runWithin } from '../support/in-process.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Data Analyst:
    description: Another one
    grants: [content.card.edit]
    members: { mode: additive, users: [gone@acme.com] }
policy:
  maxGrantChanges: 1000
  acceptedDrift:
    - { role: Data Analyst, what: grants, reason: "trial, TICKET-7", until: 2999-01-31 }
`;
const ALLOW = ['--allow', 'missing-people', '--reason', 'she comes on Monday'];
const FACTS = ['gone@acme.com', 'missing-people', 'she comes on Monday', 'trial, TICKET-7'];

async function folder(): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'domo-roles-outcome-'));
  await writeFile(join(cwd, 'domo-roles.yaml'), MANIFEST);
  return cwd;
}

function check(outcome: Outcome): void {
  expect(checkSchema('outcome', outcome)).toEqual([]);
  expect(outcome).toMatchObject({
    missingPeople: ['gone@acme.com'],
    allowed: [{ code: 'missing-people', reason: 'she comes on Monday' }],
    accepted: [{ role: 'Data Analyst', what: 'grants', reason: 'trial, TICKET-7' }],
  });
}

describe('an outcome lists the guards that were allowed', () => {
  it.each([
    ['a manifest', ['domo-roles.yaml']],
    ['a saved plan', ['plan.json']],
  ])('of %s: as JSON, as text, in a rehearsal and in the run folder', async (_name, what) => {
    const cwd = await folder();
    await runWithin(['plan', '--sandbox', '--out', 'plan.json'], { cwd });
    expect((await runWithin(['apply', ...what, '--sandbox', '--yes'], { cwd })).code).toBe(4);
    const rehearsed = await runWithin(
      ['apply', ...what, '--sandbox', '--dry-run', '--format', 'json', ...ALLOW],
      { cwd },
    );
    check(JSON.parse(rehearsed.stdout) as Outcome);
    const text = await runWithin(['apply', ...what, '--sandbox', '--dry-run', ...ALLOW], { cwd });
    const report = text.stdout.slice(text.stdout.indexOf('Dry run for'));
    for (const fact of FACTS) expect(report).toContain(fact);
    const applied = await runWithin(['apply', ...what, '--sandbox', '--yes', '--format', 'json', ...ALLOW], {
      cwd,
    });
    expect(applied.code).toBe(0);
    const outcome = JSON.parse(applied.stdout) as Outcome;
    check(outcome);
    const runs = join(cwd, '.domo-roles', 'runs');
    const [run = ''] = await readdir(runs);
    expect(JSON.parse(await readFile(join(runs, run, 'outcome.json'), 'utf8'))).toEqual(outcome);
  });

  it('carries the warnings of the plan', async () => {
    const cwd = await folder();
    const { stdout } = await runWithin(['apply', '--sandbox', '--yes', '--format', 'json', ...ALLOW], {
      cwd,
    });
    expect((JSON.parse(stdout) as Outcome).warnings.map(({ code }) => code)).toContain('left-out-person');
  });
});
