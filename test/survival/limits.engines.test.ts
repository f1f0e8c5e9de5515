import { describe, expect, it } from '@jest/globals';
import { readInstanceTable } from '../../src/inventory/table.js';
import { readMembersTable } from '../../src/manifest/members-table.js';
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

describe('A manifest that is very large', () => {
  it('of fifty thousand people is read', () => {
    const people = Array.from({ length: 50_000 }, (_, n) => `      - person${n}@acme.com`);
    expect(codes(`roles:\n  A:\n    members:\n${people.join('\n')}\n`)).toEqual([]);
  });

  it('of ten thousand roles in one chain of from and renamedFrom is checked', () => {
    const roles = Array.from(
      { length: 10_000 },
      (_, n) => `  R${n}: {renamedFrom: [R${n + 1}], grants: {from: [R${n + 1}]}}`,
    );
    const ring = roles.concat('  R10000: {grants: {from: [R0]}}');
    expect(codes(`roles:\n${ring.join('\n')}\n`)).toEqual(['from-cycle']);
  });

  it('of more lines than can be read is refused as that', () => {
    expect(codes('a: b\n'.repeat(260_000))).toEqual(['file-too-large']);
  });

  it('of more entries than can be read is refused at the first that is too much', () => {
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

  it('of ten thousand wrong people is told in full', () => {
    const people = Array.from({ length: 10_000 }, (_, n) => `      - ${n}`);
    expect(codes(`roles:\n  A:\n    members:\n${people.join('\n')}\n`)).toHaveLength(10_000);
  });

  it('may hold a key of ten million characters', () => {
    expect(JSON.stringify(parsed(`"${'k'.repeat(9_999_990)}": 1`))).toContain('1024');
    const [[key, one] = []] = Object.entries(parsed(`? ${'k'.repeat(9_999_990)}\n: 1`) as object);
    expect([key?.length, one]).toEqual([9_999_990, 1]);
  });
});

describe('A table that is very large', () => {
  it('has no more than 200,000 instances', () => {
    const options = { at: PLACE, file: { value: 't.csv', at: PLACE }, labels: [] };
    const { problems } = readInstanceTable(`name\n${'a\n'.repeat(200_000)}`, 't.csv', options);
    expect(problems.map(({ message }) => message)).toEqual(['this table has too many rows']);
  });

  it('has no more than 200,000 members', () => {
    expect(messages(`email\n${'x\n'.repeat(200_001)}`)).toEqual(['this members file has too many rows']);
  });

  it.each([
    ['nothing but quotes', '"\n'.repeat(200_000)],
    ['nothing but separators', ','.repeat(1_000_000)],
    ['nothing but line ends', '\n'.repeat(1_000_000)],
  ])('stops reading %s', (_what, text) => {
    const started = performance.now();
    expect(readMembersTable(`email\n${text}`, 'people.csv')?.listed ?? []).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('of a hundred thousand rows is written in a moment', () => {
    const rows = Array.from({ length: 100_000 }, (_, id): CsvCell[] => [`p${id}@acme.com`, `P, ${id}`, id]);
    expect(csvText(['email', 'name', 'id'], rows).length).toBeGreaterThan(2_000_000);
  });
});

describe('An instance that is very large', () => {
  it('of a thousand roles and a hundred thousand people is read page by page', async () => {
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

  it('of a thousand roles has a plan that fits into one comment', () => {
    const markdown = planMarkdown(hugePlan({ roles: 1000, grants: 100, people: 5000 }));
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown.length).toBeGreaterThan(50_000);
    expect(markdown).toMatch(/Left out, the least risky first: [^\n]*\d+ roles/);
  });
});
