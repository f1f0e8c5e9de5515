import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recordAccess } from '../../src/rehearse/access-history.js';
import { serveSandbox } from '../../src/sandbox/index.js';
import type { Sandbox, SandboxState, ServedSandbox } from '../../src/sandbox/index.js';
import { documentOf, openStage, targetOf } from '../support/cli.js';
import type { Ended, Stage } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';
import { smallInstance } from '../support/survival.js';

const ROOT = 1_345_000_001;
const KEEPERS = 200_000_020;

/** Root manages the roles of the instance through a custom role. */
function managedThroughCustomRole(): SandboxState {
  const state = smallInstance();
  const [first] = state.roles.filter(({ id }) => id > 5);
  if (!first) throw new Error('no role');
  const keepers = {
    ...first,
    id: KEEPERS,
    name: 'Keepers',
    authorities: ['authorization.roles', 'alert.edit'],
  };
  const users = state.users.map((user) => (user.id === ROOT ? { ...user, roleId: KEEPERS } : user));
  return { ...state, roles: [...state.roles, keepers], users, tokens: { 'token-of-root': ROOT } };
}

const HEAD = 'apiVersion: domo-roles/v1\nkind: Roles\n';
const REST = `  Grows: { grants: [alert.edit, content.card.edit], members: [finn@acme.com, cleo@acme.com] }
  Data Analyst: { renamedFrom: [Analyst] }
removed: [Gone]
defaultRole: Participant
policy: { removedMembersTo: Participant, maxGrantChanges: 100 }
`;

let stage: Stage;
let served: ServedSandbox;
beforeEach(async () => {
  stage = await openStage({ state: managedThroughCustomRole(), token: 'token-of-root' });
  served = await serveSandbox(strict(stage.sandbox));
});
afterEach(async () => {
  await served.close();
  await stage.close();
});

function run(...argv: string[]): Promise<Ended> {
  return runWithin(argv, {
    cwd: stage.folder,
    env: { ...targetOf(stage), DOMO_BASE_URL: served.url },
    skipWaits: true,
  });
}

/** Applies with the guard against self-lockout allowed. */
function takeOwnGrantAway(): Promise<Ended> {
  const allowed = ['--allow', 'self-lockout', '--reason', 'handing over'];
  return run('apply', '--yes', ...allowed, '--format', 'json');
}

/** The same instance, where searching for people requires the grant to manage roles. */
function strict(sandbox: Sandbox): Pick<Sandbox, 'fetch'> {
  return {
    fetch: async (request) => {
      const { roles, people } = sandbox.access();
      const may = roles.get(people.get(ROOT) ?? 0)?.includes('authorization.roles');
      return may ? sandbox.fetch(request) : new Response('{"message":"no"}', { status: 403 });
    },
  };
}

interface Reported {
  changes: { id: string; status: string; reason: string | null }[];
}

describe('a plan that takes authorization.roles from the acting person', () => {
  it.each([
    [
      'by a move',
      `roles:\n  Participant: { members: { mode: additive, users: [root@acme.com] } }\n${REST}`,
      'members.move/last:Participant',
    ],
    ['by its grants', `roles:\n  Keepers: { grants: [alert.edit] }\n${REST}`, 'grants.set:Keepers'],
  ])('is refused and writes nothing: %s', async (_, manifest) => {
    await stage.write('domo-roles.yaml', `${HEAD}${manifest}`);
    const ended = await run('apply', '--yes', '--format', 'json');
    expect(ended.code).toBe(4);
    expect(documentOf<{ refusals: { code: string }[] }>(ended).refusals.map(({ code }) => code)).toContain(
      'self-lockout',
    );
    expect(stage.sandbox.log().some(({ method }) => method === 'PUT')).toBe(false);
  });

  it.each([
    ['by a move', `roles:\n  Participant: { members: { mode: additive, users: [root@acme.com] } }\n${REST}`],
    ['by its grants', `roles:\n  Keepers: { grants: [alert.edit] }\n${REST}`],
    [
      'by a move of several',
      `roles:\n  Participant: { members: { mode: additive, users: [root@acme.com, finn@acme.com] } }\n${REST.replace('finn@acme.com, ', '')}`,
    ],
  ])('takes it in the last change when allowed, and is reported correctly: %s', async (_, manifest) => {
    await stage.write('domo-roles.yaml', `${HEAD}${manifest}`);
    const accessRecord = recordAccess(stage.sandbox.access());
    const held: boolean[] = [];
    const { sandbox } = stage;
    sandbox.onWrite(() => {
      const { roles, people } = sandbox.access();
      held.push(roles.get(people.get(ROOT) ?? 0)?.includes('authorization.roles') ?? false);
      accessRecord.record(sandbox.access());
    });

    const ended = await takeOwnGrantAway();

    const { changes } = documentOf<Reported>(ended);
    const last = changes.at(-1);
    expect(held.slice(0, -1)).toEqual(held.slice(0, -1).map(() => true));
    expect(held.at(-1)).toBe(false);
    expect(accessRecord.excesses()).toEqual([]);
    expect(changes.map(({ status }) => status)).toEqual(changes.map(() => 'done'));
    expect(last?.reason).toContain('gave up authorization.roles with this change');
    expect(ended.code).toBe(0);
  });

  it('is reported as unknown, with the reason, when the response to that change is lost', async () => {
    await stage.write('domo-roles.yaml', `${HEAD}roles:\n  Keepers: { grants: [alert.edit] }\n`);
    stage.sandbox.setFaults([{ name: 'answer-lost', method: 'PUT', path: 'authorities', times: 1 }]);

    const ended = await takeOwnGrantAway();

    expect(ended.code).toBe(5);
    expect(documentOf<Reported>(ended).changes).toMatchObject([{ status: 'unknown' }]);
    expect(documentOf<Reported>(ended).changes[0]?.reason).toMatch(/reading it back failed: .*403/u);
  });
});

describe('another administrator who takes authorization.roles from the acting person during an apply', () => {
  it('stops the run, and no change is wrongly reported as done', async () => {
    await stage.write('domo-roles.yaml', `${HEAD}roles:\n${REST}`);
    let writes = 0;
    const { sandbox } = stage;
    sandbox.onWrite(() => {
      if ((writes += 1) === 2)
        sandbox.edit({ edit: 'set-grants', roleId: KEEPERS, authorities: ['alert.edit'] });
    });

    const ended = await run('apply', '--yes', '--format', 'json');

    expect(ended.code).toBe(5);
    const { changes } = documentOf<Reported>(ended);
    expect(changes.filter(({ status }) => status === 'done').length).toBeLessThan(writes);
    expect(changes.at(-1)).toMatchObject({ id: 'role.delete:Gone', status: 'skipped' });
    expect(sandbox.state().roles.some(({ name }) => name === 'Gone')).toBe(true);
  });
});
