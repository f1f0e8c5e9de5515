import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BASE, inventoryOf, openFleetStage, rowOf, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

let stage: FleetStage;
afterEach(() => stage.close());

const HEAD = 'apiVersion: domo-roles/v1\nkind: Roles\n';

/** The role of Bo on an instance. */
function roleOfBo(instance: string): string | undefined {
  const { users, roles } = stage.sandboxes.get(instance)?.state() ?? { users: [], roles: [] };
  const bo = users.find(({ email }) => email === 'bo@acme.com');
  return roles.find(({ id }) => id === bo?.roleId)?.name;
}

/** The instances that have the role of the base. */
const written = (): string[] =>
  [...stage.sandboxes].flatMap(([name, sandbox]) =>
    sandbox.state().roles.some((role) => role.name === 'Fleet Viewer') ? [name] : [],
  );

/** Bo is an editor until a date, and a guard refuses every other change. */
const withBo = (until: string, more = ''): string =>
  `${HEAD}roles:
  Editor: { members: { mode: additive, users: [{ email: bo@acme.com, until: ${until} }] } }
${more}policy: { removedMembersTo: Social, minAdmins: 50 }
`;

const VIEWER = '  Fleet Viewer: { grants: [alert.edit] }\n';

describe('--only-expired over a fleet', () => {
  /** Bo is an editor on alpha and beta. On alpha, the membership has ended. */
  async function openEnded(): Promise<void> {
    stage = await openFleetStage(['alpha', 'beta']);
    await stage.write('ended.yaml', withBo('2020-12-31', VIEWER));
    await stage.write('lasting.yaml', withBo('2099-12-31'));
    await stage.write(
      'fleet.yaml',
      inventoryOf({ alpha: '{ manifest: lasting.yaml }', beta: '{ manifest: lasting.yaml }' }),
    );
    const { code } = await stage.fleet('apply', '--yes', '--out', 'given', '--allow', '*:min-admins');
    expect([code, roleOfBo('alpha'), roleOfBo('beta')]).toEqual([0, 'Editor', 'Editor']);
    await stage.write('lasting.yaml', withBo('2099-12-31', VIEWER));
    await stage.write(
      'fleet.yaml',
      inventoryOf({ alpha: '{ manifest: ended.yaml }', beta: '{ manifest: lasting.yaml }' }),
    );
  }

  it('ends expired memberships and changes nothing else in any instance', async () => {
    await openEnded();
    const whole = await stage.fleet('apply', '--yes', '--out', 'whole');
    expect(whole.code).toBe(4);
    const { code } = await stage.fleet('apply', '--yes', '--out', 'out', '--only-expired');
    const document = await stage.document('out');
    expect([code, statuses(document)]).toEqual([0, ['alpha done', 'beta clean']]);
    expect(rowOf(document, 'alpha').summary).toMatchObject({ moved: 1, created: 0, grantsAdded: 0 });
    expect([roleOfBo('alpha'), roleOfBo('beta')]).toEqual(['Social', 'Editor']);
    expect(written()).toEqual([]);
  });

  it('is recorded in the plans, which are then applied without the flag', async () => {
    await openEnded();
    expect((await stage.fleet('plan', '--out', 'plans', '--only-expired')).code).toBe(0);
    const { code } = await stage.fleet('apply', 'plans', '--yes', '--out', 'out');
    expect([code, statuses(await stage.document('out'))]).toEqual([0, ['alpha done', 'beta clean']]);
    expect([roleOfBo('alpha'), written()]).toEqual(['Social', []]);
  });
});

const STRICT = 'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { requiredAdmins: [no-one@acme.com] }\n';

describe('--policy over a fleet', () => {
  it.each([
    ['plan', []],
    ['apply', ['--yes']],
  ])('judges every instance of a %s, and can be allowed for one of them', async (verb, more) => {
    stage = await openFleetStage(['alpha', 'beta']);
    await stage.write('strict.yaml', STRICT);
    const policy = ['--policy', 'strict.yaml'];
    const { code } = await stage.fleet(verb, '--out', 'out', ...policy, ...more);
    const document = await stage.document('out');
    expect([code, statuses(document)]).toEqual([4, ['alpha refused', 'beta refused']]);
    expect(document.groups.map(({ refusals }) => refusals)).toEqual([['required-admins']]);
    const allow = ['--allow', 'beta:required-admins', '--reason', 'a new instance'];
    const one = await stage.fleet(verb, '--out', 'one', ...policy, ...more, ...allow);
    expect([one.code, statuses(await stage.document('one'))]).toEqual(
      verb === 'plan' ? [4, ['alpha refused', 'beta changes']] : [5, ['alpha refused', 'beta done']],
    );
  });

  it('judges saved plans by the file, even if their own policy is weaker', async () => {
    stage = await openFleetStage(['alpha', 'beta']);
    await stage.write('strict.yaml', STRICT);
    await stage.fleet('plan', '--out', 'plans');
    const { code } = await stage.fleet('apply', 'plans', '--yes', '--out', 'out', '--policy', 'strict.yaml');
    expect([code, statuses(await stage.document('out')), written()]).toEqual([
      4,
      ['alpha refused', 'beta refused'],
      [],
    ]);
  });

  it('is validated once and shown as the source of its values', async () => {
    stage = await openFleetStage(['alpha', 'beta']);
    await stage.write('strict.yaml', STRICT);
    await stage.write('wrong.yaml', STRICT.replace('requiredAdmins', 'requiredAdmin'));
    const shown = await stage.offline('show', 'beta', '--policy', 'strict.yaml');
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('strict.yaml:3')]);
    const wrong = await stage.offline('validate', '--policy', 'wrong.yaml');
    expect([wrong.code, wrong.stdout.match(/^wrong\.yaml:\d+/gmu)?.length]).toEqual([3, 1]);
  });
});

/** The role of a manifest holds both, and has a member. */
const RULED = `${HEAD}roles:
  Fleet Viewer:
    grants: [certifiedcontent.admin, certifiedcontent.request]
    members: { mode: additive, users: [bo@acme.com] }
policy:
  rules:
    viewers: { neverTogether: [[certifiedcontent.request], [certifiedcontent.admin]] }
    quiet: { grants: [audit], maxPeople: 900 }
`;

describe('--allow of a rule over a fleet', () => {
  async function openRules(): Promise<void> {
    stage = await openFleetStage(['alpha', 'beta', 'gamma']);
    await stage.write('ruled.yaml', RULED);
    await stage.write('wrong.yaml', `${BASE}rolez: {}\n`);
    await stage.write(
      'fleet.yaml',
      inventoryOf({ alpha: '{}', beta: '{ manifest: ruled.yaml }', gamma: '{ manifest: ruled.yaml }' }),
    );
  }

  it.each([
    [[], 4, ['alpha changes', 'beta refused', 'gamma refused']],
    [['rule=viewers'], 0, ['alpha changes', 'beta changes', 'gamma changes']],
    [['*:rule=viewers'], 0, ['alpha changes', 'beta changes', 'gamma changes']],
    [['gamma:rule=viewers'], 4, ['alpha changes', 'beta refused', 'gamma changes']],
    // What is named for one instance must be there.
    [['alpha:rule=viewers'], 1, ['alpha failed', 'beta refused', 'gamma refused']],
    [['rule=viewer'], 'no rule of any selected instance', []],
    [['rule=viewers', '*:rule=viewer'], 'no rule of any selected instance', []],
    [['rule=viewers', '--only', 'alpha'], 'no rule of any selected instance', []],
  ])('%j: %j', async ([allow, ...more], expected, rows) => {
    await openRules();
    const words = [allow, ...more.filter((word) => word.includes('rule='))].filter(
      (word) => word !== undefined,
    );
    const given = words.flatMap((word) =>
      ['--allow', word, '--reason', 'x'].slice(0, word === words[0] ? 4 : 2),
    );
    const selection = more.filter((word) => !word.includes('rule='));
    const { code, stderr } = await stage.fleet('plan', '--out', 'out', ...given, ...selection);
    if (typeof expected === 'number') {
      expect([code, statuses(await stage.document('out'))]).toEqual([expected, rows]);
    } else {
      expect([code, stderr.includes(expected)]).toEqual([1, true]);
      expect([...stage.seen.keys()]).toEqual([]);
    }
  });

  it('applies to saved plans as to manifests, which are not read', async () => {
    await openRules();
    await stage.fleet('plan', '--out', 'plans');
    await rm(join(stage.folder, 'ruled.yaml'));
    const none = await stage.fleet('apply', 'plans', '--yes', '--out', 'none', '--allow', 'rule=viewer');
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringContaining('no rule of any selected instance'),
    ]);
    expect(written()).toEqual([]);
    // Only plans of other shards have the rule.
    const shard = ['--shard', '1/3', '--out', 'shard', '--allow', 'rule=viewers'];
    expect((await stage.fleet('apply', 'plans', '--yes', ...shard)).code).toBe(0);
    expect(statuses(await stage.document('shard'))).toEqual(['alpha done']);
    const { code } = await stage.fleet('apply', 'plans', '--yes', '--out', 'out', '--allow', 'rule=viewers');
    expect([code, written()]).toEqual([0, ['alpha', 'beta', 'gamma']]);
  });

  it('is not judged while a manifest that may contain the rule is invalid', async () => {
    await openRules();
    await stage.write('fleet.yaml', inventoryOf({ alpha: '{}', beta: '{ manifest: wrong.yaml }' }));
    const { code } = await stage.fleet('plan', '--out', 'out', '--allow', 'rule=viewers');
    expect([code, statuses(await stage.document('out'))]).toEqual([3, ['alpha changes', 'beta invalid']]);
  });
});

describe('--verbose over a fleet', () => {
  it('names the instance with every request', async () => {
    stage = await openFleetStage(['alpha', 'beta']);
    const { stderr } = await stage.fleet('plan', '--out', 'out', '--verbose');
    for (const name of ['alpha', 'beta'])
      expect(stderr).toMatch(new RegExp(`^${name}: GET /\\S+ 200 \\d+ ms$`, 'mu'));
    expect(stderr).not.toMatch(/^GET |token-of/mu);
  });
});

describe('a report next to the files of a fleet', () => {
  beforeEach(async () => {
    stage = await openFleetStage(['alpha', 'beta']);
    await stage.write('readers.csv', 'email\nbo@acme.com\n');
    const overlay = '{ roles: { Editor: { members: { mode: additive, file: readers.csv } } } }';
    await stage.write('own.yaml', `${HEAD}extends: base.yaml\n`);
    await stage.write(
      'fleet.yaml',
      inventoryOf({ alpha: `{ overlay: ${overlay} }`, beta: '{ manifest: own.yaml }' }),
    );
  });

  it.each([
    ['a base', 'base.yaml', 'which this run reads'],
    ['a manifest', './own.yaml', 'which this run reads'],
    ['a members file of an overlay', 'readers.csv', 'which this run reads'],
    ['a document of the run', 'out/fleet.json', 'lies in the folder of --out'],
    ['a file next to the documents of the run', 'out/plan.md', 'lies in the folder of --out'],
  ])('may not overwrite %s', async (_what, file, message) => {
    const ended = await stage.fleet('plan', '--out', 'out', '--report', `markdown=${file}`);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(message);
    expect(await readFile(join(stage.folder, 'base.yaml'), 'utf8')).toBe(BASE);
  });

  it.each([['plan'], ['apply'], ['drift'], ['compare']])(
    'may not overwrite the policy file of a fleet %s',
    async (verb) => {
      const text = 'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { minAdmins: 1 }\n';
      await stage.write('policy.yaml', text);
      const flags = ['--policy', 'policy.yaml', '--report', 'markdown=./policy.yaml'];
      const ended = await stage.fleet(verb, ...flags);
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('would overwrite policy.yaml')]);
      expect(await readFile(join(stage.folder, 'policy.yaml'), 'utf8')).toBe(text);
    },
  );

  it('may not be written into a folder that another command reads', async () => {
    await stage.fleet('export', '--out', 'live');
    await stage.offline('plan', '--snapshots', 'live', '--out', 'plans');
    const report = ['--report', 'markdown=live/r.md'];
    const inPlans = ['--report', 'markdown=plans/r.md'];
    for (const { code, stderr } of [
      await stage.offline('plan', '--snapshots', 'live', '--out', 'out', ...report),
      await stage.offline('compare', '--snapshots', 'live', ...report),
      await stage.fleet('apply', 'plans', '--yes', '--out', 'out', ...inPlans),
      await stage.offline('merge', 'plans', '--out', 'out', ...inPlans),
      await stage.offline('report', 'plans', ...inPlans),
    ]) {
      expect(stderr).toContain('lies in the folder of');
      expect(code).toBe(1);
    }
    expect(written()).toEqual([]);
  });
});
