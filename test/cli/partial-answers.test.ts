import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';
import { manifest, stageForFile } from './support.js';
import { targetOf } from '../support/cli.js';

type Body = readonly unknown[] | { users: readonly unknown[]; count?: number; totalCount?: number };

/** The first half of a list, with a total that agrees with it. */
function half(body: Body): unknown {
  const list = 'users' in body ? body.users : body;
  const some = list.slice(0, Math.ceil(list.length / 2));
  if (!('users' in body)) return some;
  const total = 'count' in body ? { count: some.length } : { totalCount: some.length };
  return { ...body, ...total, users: some };
}

describe('a partial response (206)', () => {
  const held = stageForFile();

  it.each([
    ['the roles', '/api/authorization/v1/roles', 'roles:\n  Finance Viewer: { description: x }\n'],
    ['the grants', '/api/authorization/v1/authorities', 'roles:\n  Finance Viewer: { description: x }\n'],
    ['the people', '/api/identity/v1/users/search', 'roles:\n  Editor: { members: [zoe@acme.com] }\n'],
  ])('to the list of %s is an error and never means that something is missing', async (_, path, body) => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', manifest(body));
    for (const command of [['plan'], ['drift'], ['export'], ['apply', '--yes']]) {
      const ended = await runWithin(command, {
        ...stage.within,
        env: targetOf(stage),
        fetchFor: () => async (request) => {
          const answer = await stage.sandbox.fetch(request);
          if (new URL(request.url).pathname !== path) return answer;
          return Response.json(half((await answer.json()) as Body), { status: 206 });
        },
      });
      expect([command[0], ended.code, ended.stdout]).toEqual([command[0], 1, '']);
      expect(ended.stderr).toContain(`${path} returned 206`);
    }
  });
});
