import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openWriter } from '../../src/apply/live-writer.js';
import { openReader } from '../../src/live/open-reader.js';
import { ProblemError } from '../../src/problem/problem.js';
import { openRoutes, type Routes } from '../../src/routes/index.js';
import { openSandbox } from '../../src/sandbox/index.js';
import { ANALYST } from '../routes/world.js';
import { inputs } from '../support/law.js';

/** A place in a JSON value, and the value to put there. */
type Mutation = { steps: number[]; value: unknown };

const mutations = fc.array(
  fc.record({
    steps: fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
    value: fc.oneof(
      fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 2 ** 60, '', '1', 'x', [], {}, [[]], '\u001b[31m'),
      fc.jsonValue(),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Replaces a part of a JSON value. */
function mutate(json: unknown, { steps, value }: Mutation): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof json !== 'object' || json === null) return value;
  const copy = structuredClone(json) as Record<string, unknown>;
  const keys = Object.keys(copy);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return value;
  copy[key] = mutate(copy[key], { steps: rest, value });
  return copy;
}

const errorOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

/** All reads. */
function reads(routes: Routes): (() => Promise<unknown>)[] {
  const reader = openReader(routes, { instance: 'sandbox', sandbox: true, pageSize: 20 });
  return [
    async () => reader.readAdmins(await reader.readCore()),
    () => reader.readPeople(),
    () => reader.readHiddenMembers([1], []),
    () => reader.readPeopleByIds([1345408000, 5]),
    () => reader.readRoleGrants(ANALYST),
    () => reader.readRoleMembers(ANALYST),
    () => reader.readSettings(),
    () => routes.getRoleById(ANALYST),
    () => routes.getDefaultRole(),
    () => routes.getAuditLog({ start: 0, end: 9e15, pageSize: 2, most: 50 }),
    () => routes.printIsToken({ print: () => undefined }),
  ];
}

describe('manipulated responses', () => {
  it('yield a value or a problem, never another error or a hang', async () => {
    const sandbox = await openSandbox();
    await fc.assert(
      fc.asyncProperty(mutations, fc.nat(), async (changes, which) => {
        const routes = openRoutes({
          instance: 'sandbox',
          auth: { accessToken: sandbox.token },
          retries: 0,
          fetch: async (request) => {
            const answer = await sandbox.fetch(request);
            const json = changes.reduce<unknown>(mutate, await answer.json());
            return Response.json(json ?? null, { status: answer.status });
          },
        });
        const all = reads(routes);
        const error = await errorOf((all[which % all.length] ?? (async () => null))());
        expect(error === null || error instanceof ProblemError ? null : error).toBeNull();
      }),
      { numRuns: inputs(120) },
    );
  });

  it('yield a problem even as raw bytes, with other content types and statuses', async () => {
    const answers = fc.record({
      status: fc.constantFrom(200, 201, 204, 206, 301, 303, 400, 401, 404, 405, 418, 429, 500, 599),
      type: fc.constantFrom('application/json', 'text/html', 'text/plain', 'image/png', '', 'x'),
      body: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.json().map((json) => new TextEncoder().encode(json)),
      ),
      location: fc.constantFrom('', '/auth/whitelist/blocked', 'http://127.0.0.1:1/'),
      retryAfter: fc.constantFrom('', '0', 'Sat, 01 Aug 2026 12:00:00 GMT', '\u00e9'),
    });
    await fc.assert(
      fc.asyncProperty(answers, fc.nat(), async (answer, which) => {
        const { status, type, body, location, retryAfter } = answer;
        const routes = openRoutes({
          instance: 'acme',
          auth: which % 2 ? { accessToken: 'T' } : { username: 'u', password: 'p' },
          retries: 1,
          sleep: async () => undefined,
          fetch: async () => {
            const headers = { 'content-type': type, location, 'retry-after': retryAfter };
            return new Response(status === 204 ? null : body, { status, headers });
          },
        });
        const all = reads(routes);
        const error = await errorOf((all[which % all.length] ?? (async () => null))());
        expect(error === null || error instanceof ProblemError ? null : error).toBeNull();
        const writer = openWriter(routes);
        const written = await writer.setGrants(1, ['a']);
        expect(['accepted', 'refused', 'lost', 'unsent']).toContain(written.kind);
        expect((await writer.createRole({ name: 'a', description: '', fromRoleId: 5 })).kind).not.toBe(
          undefined,
        );
      }),
      { numRuns: inputs(80) },
    );
  });
});
