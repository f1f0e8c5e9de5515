import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../src/apply/outcome.js';
import type { Plan } from '../../src/plan/plan.js';
import { checkSchema } from '../support/check-schema.js';
import { runWithin, type Ended } from '../support/in-process.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Data Analyst: { owner: finance-data, description: Another one }
  Card Reviewer: { owner: "<b>ops</b>", grants: [content.card.edit] }
  People Manager: { description: Looks after people }
  Finance Viewer: { owner: finance-data }
`;

async function folder(manifest = MANIFEST): Promise<(...argv: string[]) => Promise<Ended>> {
  const cwd = await mkdtemp(join(tmpdir(), 'domo-roles-owners-'));
  await writeFile(join(cwd, 'domo-roles.yaml'), manifest);
  return async (...argv) => {
    const ended = await runWithin(argv, { cwd });
    const named = argv.find((word) => word.endsWith('.json'));
    return argv.includes('--out') && named
      ? { ...ended, stdout: await readFile(join(cwd, named), 'utf8') }
      : ended;
  };
}

const heads = (text: string): string[] => text.match(/^(?:Owner .*|No owner): .*$|^[+~-] [A-Z].*$/gmu) ?? [];

const BY_OWNER = [
  'Owner "<b>ops</b>": 1 role',
  expect.stringMatching(/^. Card Reviewer .*owner "<b>ops<\/b>"/u),
  'Owner finance-data: 1 role',
  expect.stringMatching(/^~ Data Analyst {2}owner finance-data/u),
  'No owner: 1 role',
  expect.stringMatching(/^~ People Manager/u),
];

describe('--group-by owner', () => {
  it.each(['plan', 'drift'])('groups the roles of %s, and those of its saved document', async (command) => {
    const run = await folder();
    const now = await run(command, '--sandbox', '--group-by', 'owner');
    expect(heads(now.stdout)).toEqual(BY_OWNER);
    const saved = await run(command, '--sandbox', '--out', 'saved.json');
    const document = JSON.parse(saved.stdout) as Plan;
    expect(checkSchema(document.kind, document)).toEqual([]);
    expect(document.owners.map(({ role, owner }) => [role, owner])).toEqual([
      ['Card Reviewer', '<b>ops</b>'],
      ['Data Analyst', 'finance-data'],
      ['Finance Viewer', 'finance-data'],
    ]);
    const later = await run('report', 'saved.json', '--group-by', 'owner');
    expect(heads(later.stdout)).toEqual(BY_OWNER);
    const markdown = await run('report', 'saved.json', '--group-by', 'owner', '--format', 'markdown');
    expect(markdown.stdout.match(/^### Roles.*: (?:owner .*|no owner)$/gmu)).toHaveLength(3);
    const html = await run('report', 'saved.json', '--group-by', 'owner', '--format', 'html');
    expect(html.stdout.match(/<h3 class="owner">/gu)).toHaveLength(3);
  });

  it.each(['plan', 'drift', 'report saved.json', 'export --format html'])(
    'accepts only owner: %s',
    async (command) => {
      const run = await folder();
      const { code, stderr } = await run(...command.split(' '), '--group-by', 'team');
      expect(code).toBe(1);
      expect(stderr).toContain('--group-by does not accept "team"');
      expect(stderr).toContain('valid values: owner');
    },
  );

  it('is rejected before anything is read, like any flag with fixed values', async () => {
    const run = await folder();
    const { code, stderr } = await run('drift', '--webhook-format', 'yaml');
    expect(code).toBe(1);
    expect(stderr).toContain('valid values: json, chat');
  });

  it('does not affect the plan, since owners are never sent', async () => {
    const run = await folder();
    const { stdout } = await run('plan', '--sandbox', '--format', 'json');
    const plan = JSON.parse(stdout) as Plan;
    expect(JSON.stringify(plan.changes)).not.toMatch(/finance-data|ops/u);
  });
});

describe('an access review with a manifest', () => {
  it('shows the owners of roles and can group by them', async () => {
    const run = await folder();
    const bare = await run('export', '--sandbox', '--format', 'html');
    expect(bare.stdout).not.toContain('finance-data');
    const shown = await run('export', 'domo-roles.yaml', '--sandbox', '--format', 'html');
    expect(shown.stdout).toContain('finance-data');
    expect(shown.stdout).not.toContain('Owner finance-data');
    const grouped = await run('export', '--sandbox', '--format', 'html', '--group-by', 'owner');
    expect(grouped.stdout).toContain('Owner finance-data');
  });

  it.each(['csv', 'matrix-csv'])('shows the owners of roles in a column as %s', async (format) => {
    const run = await folder();
    const shown = await run('export', 'domo-roles.yaml', '--sandbox', '--format', format);
    const bare = await run('export', '--sandbox', '--format', format);
    expect([shown.code, shown.stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/\bowner\b/u)]);
    expect(shown.stdout).toContain('finance-data');
    expect(bare.stdout).not.toContain('owner');
    const grouped = await run('export', '--sandbox', '--format', format, '--group-by', 'owner');
    expect([grouped.code, grouped.stdout]).toEqual([0, shown.stdout]);
  });

  it.each([
    ['a manifest without a page', ['domo-roles.yaml'], 1, 'a manifest goes with --format html'],
    ['owners in a manifest', ['--group-by', 'owner'], 1, '--group-by cannot be combined with --format yaml'],
    ['a manifest that is not there', ['no.yaml', '--format', 'html'], 1, 'no.yaml'],
  ])('rejects %s', async (_what, flags, code, message) => {
    const run = await folder();
    const ended = await run('export', ...flags, '--sandbox');
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(message);
    expect(ended.stdout).toBe('');
  });
});

it('an outcome contains the owners of its plan', async () => {
  const run = await folder();
  const { stdout } = await run('apply', '--sandbox', '--yes', '--format', 'json');
  const outcome = JSON.parse(stdout) as Outcome;
  expect(checkSchema('outcome', outcome)).toEqual([]);
  expect(outcome.owners.map(({ owner }) => owner)).toEqual(['<b>ops</b>', 'finance-data', 'finance-data']);
});

it('the undoing of a run shows the owners that its plan names', async () => {
  const run = await folder();
  await run('apply', '--sandbox', '--yes');
  const { stdout } = await run('runs', '--format', 'json');
  const [id = ''] = stdout.match(/\d{8}T\d+Z-[0-9a-f]+/u) ?? [];
  const undo = await run('rollback', id, '--sandbox', '--allow', 'max-deletes=9', '--format', 'json');
  const { owners } = JSON.parse(undo.stdout) as Plan;
  expect(owners.map(({ role, owner }) => `${role}: ${owner}`)).toContain('Data Analyst: finance-data');
  expect((await run('rollback', id, '--sandbox')).stdout).toContain('owner finance-data');
});
