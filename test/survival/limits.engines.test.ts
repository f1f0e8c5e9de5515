import { describe, expect, it } from '@jest/globals';
import { readInstanceTable } from '../../src/inventory/table.js';
import { readMembersTable } from '../../src/manifest/members/members-table.js';
import { csvText } from '../../src/render/csv/csv.js';
import type { CsvCell } from '../../src/render/csv/csv.js';
import { planMarkdown } from '../../src/render/markdown/plan.js';
import { makeState, openSandbox } from '../../src/sandbox/index.js';
import { PLACE } from '../inventory/support.js';
import { checkText, HEAD, parsed } from '../manifest/support.js';
import { inProcess, ROLES, SEARCH } from '../sandbox/support.js';
import { hugePlan } from '../support/huge-plan.js';

/** Codes of the problems of a manifest with this body. */
const codes = (body: string): string[] => checkText(HEAD + body).problems.map(({ code }) => code);

const messages = (text: string): string[] =>
  (readMembersTable(text, 'people.csv')?.problems ?? []).map(({ message }) => message);

describe('a very large manifest', () => {
  it('is read with fifty thousand people', () => {
    const people = Array.from({ length: 50_000 }, (_, n) => `      - person${n}@acme.com`);
    expect(codes(`roles:\n  A:\n    members:\n${people.join('\n')}\n`)).toEqual([]);
  });

  it('is checked with ten thousand roles in one chain of from and renamedFrom', () => {
    const roles = Array.from(
      { length: 10_000 },
      (_, n) => `  R${n}: {renamedFrom: [R${n + 1}], grants: {from: [R${n + 1}]}}`,
    );
    const ring = roles.concat('  R10000: {grants: {from: [R0]}}');
    expect(codes(`roles:\n${ring.join('\n')}\n`)).toEqual(['from-cycle']);
  });

  it('is rejected when it has too many lines', () => {
    expect(codes('a: b\n'.repeat(260_000))).toEqual(['file-too-large']);
  });

  it('is rejected at the first entry over the limit', () => {
    const { problems } = checkText(`${HEAD}roles: { A: {} }\nremoved: [${'a,'.repeat(340_000)}a]\n`);
    expect(problems).toMatchObject([
      {
        code: 'file-too-large',
        where: { line: 4, column: 666_655 },
        message: 'the file has more content than can be read',
        hint: 'put people into members files, and roles into several files',
      },
    ]);
  });

  it('is reported in full when ten thousand people are wrong', () => {
    const people = Array.from({ length: 10_000 }, (_, n) => `      - ${n}`);
    expect(codes(`roles:\n  A:\n    members:\n${people.join('\n')}\n`)).toHaveLength(10_000);
  });

  it('may contain a key of ten million characters', () => {
    expect(JSON.stringify(parsed(`"${'k'.repeat(9_999_990)}": 1`))).toContain('1024');
    const [[key, one] = []] = Object.entries(parsed(`? ${'k'.repeat(9_999_990)}\n: 1`) as object);
    expect([key?.length, one]).toEqual([9_999_990, 1]);
  });
});

describe('a very large table', () => {
  it('is limited to 200,000 instances', () => {
    const options = { at: PLACE, file: { value: 't.csv', at: PLACE }, labels: [] };
    const { problems } = readInstanceTable(`name\n${'a\n'.repeat(200_000)}`, 't.csv', options);
    expect(problems.map(({ message }) => message)).toEqual(['this table has too many rows']);
  });

  it('is limited to 200,000 members', () => {
    expect(messages(`email\n${'x\n'.repeat(200_001)}`)).toEqual(['this members file has too many rows']);
  });

  it.each([
    ['nothing but quotes', '"\n'.repeat(200_000)],
    ['nothing but separators', ','.repeat(1_000_000)],
    ['nothing but line ends', '\n'.repeat(1_000_000)],
  ])('stops being read when it contains %s', (_what, text) => {
    const started = performance.now();
    expect(readMembersTable(`email\n${text}`, 'people.csv')?.listed ?? []).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('is written quickly with a hundred thousand rows', () => {
    const rows = Array.from({ length: 100_000 }, (_, id): CsvCell[] => [`p${id}@acme.com`, `P, ${id}`, id]);
    expect(csvText(['email', 'name', 'id'], rows).length).toBeGreaterThan(2_000_000);
  });
});

describe('a very large instance', () => {
  it('is read page by page with a thousand roles and a hundred thousand people', async () => {
    const sandbox = await openSandbox({ state: makeState({ roles: 1000, people: 100_000 }) });
    const call = inProcess(sandbox);
    const seen = new Set<number>();
    for (let offset = 0; offset < 100_000; offset += 1000) {
      const page = { offset, limit: 1000, sort: { field: 'displayName', order: 'ASC' } };
      const { users } = (await (await call('POST', SEARCH, page)).json()) as { users: { id: number }[] };
      for (const user of users) seen.add(user.id);
    }
    expect(seen.size).toBe(100_000);
    const roles = (await (await call('GET', ROLES)).json()) as { userCount: number }[];
    expect(roles.reduce((sum, role) => sum + role.userCount, 0)).toBe(100_000);
    const moved = await call('PUT', `${ROLES}/4/users`, [...seen].slice(1));
    expect(moved.status).toBe(204);
  });

  it('gets a plan that fits into one comment with a thousand roles', () => {
    const markdown = planMarkdown(hugePlan({ roles: 1000, grants: 100, people: 5000 }));
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown.length).toBeGreaterThan(50_000);
    expect(markdown).toMatch(/Left out, the least risky first: [^\n]*\d+ roles/);
  });
});
