import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../src/apply/outcome.js';
import type { Drift } from '../../src/drift/drift.js';
import type { Plan } from '../../src/plan/plan.js';
import type { Stage } from '../support/cli.js';
import {
  checked,
  manifest,
  outcomeOf,
  planOf,
  refusedFor,
  roleNamed,
  stageForFile,
  writesOf,
} from './support.js';

const held = stageForFile();

/** Deletes a role, moves one person and weakens guards. */
const MANIFEST = manifest(`roles:
  Data Analyst:
    members: { mode: additive, users: [bo@acme.com] }
removed: [Old Reporting]
policy:
  minAdmins: 0
  removedMembersTo: Participant
`);

const policyOf = (body: string): string => `apiVersion: domo-roles/v1\nkind: Policy\npolicy: ${body}\n`;

const STRICT = policyOf('{ minAdmins: 1, maxDeletes: 0, protectedGrants: [gateway.oauth.client.create] }');

/** A stage with the manifest in its own folder, and a policy file next to that folder. */
async function staged(policy: string, text = MANIFEST): Promise<Stage> {
  const { stage } = held;
  await stage.write('m/domo-roles.yaml', text);
  await stage.write('away/policy.yaml', policy);
  return stage;
}

const JSON_FLAGS = ['m', '--policy', 'away/policy.yaml', '--format', 'json'];

describe('--policy', () => {
  it('judges a plan, which records the policy in force and every override', async () => {
    const stage = await staged(STRICT);
    const ended = await stage.run('plan', ...JSON_FLAGS);
    const plan = planOf(ended);
    expect(ended.code).toBe(4);
    expect(refusedFor(plan)).toEqual(['max-deletes']);
    expect(plan.policy).toMatchObject({
      minAdmins: 1,
      maxDeletes: { count: 0 },
      removedMembersTo: 'Participant',
    });
    expect(plan.policy.protectedGrants).toEqual(
      expect.arrayContaining(['gateway.oauth.client.create', 'user.edit']),
    );
    expect(plan.policyFile).toMatchObject({
      path: 'away/policy.yaml',
      commit: null,
      inWorkingTree: false,
      overrides: [
        {
          key: 'policy.maxDeletes',
          effect: 'replaced',
          without: { percent: 20, floor: 1 },
          file: { count: 0 },
        },
        { key: 'policy.minAdmins', effect: 'replaced', without: 0, file: 1 },
        {
          key: 'policy.protectedGrants',
          effect: 'joined',
          without: null,
          file: ['gateway.oauth.client.create'],
        },
      ],
    });
    expect(plan.weakenedGuards).toEqual([]);
  });

  it('is shown at the top of a plan, before the refusals', async () => {
    const stage = await staged(STRICT);
    const { stdout } = await stage.run('plan', 'm', '--policy', 'away/policy.yaml');
    const parts = [
      'Policy file\n  away/policy.yaml\n',
      'policy.maxDeletes is 0, without the file 20 %, at least 1',
      'policy.protectedGrants also holds gateway.oauth.client.create',
      'refused max-deletes',
    ];
    expect(parts.map((part) => stdout.indexOf(part)).every((at) => at > 0)).toBe(true);
    expect(parts.map((part) => stdout.indexOf(part))).toEqual(
      parts.map((part) => stdout.indexOf(part)).sort((a, b) => a - b),
    );
  });

  it('leaves a plan without it unchanged', async () => {
    const stage = await staged(STRICT);
    const plan = planOf(await stage.run('plan', 'm', '--format', 'json'));
    expect(plan).not.toHaveProperty('policyFile');
    expect(plan.policy.protectedGrants).toBeNull();
  });

  it('judges drift', async () => {
    const stage = await staged(policyOf('{ unmanagedRoles: fail }'));
    const without = await stage.run('drift', 'm', '--format', 'json');
    const ended = await stage.run('drift', ...JSON_FLAGS);
    const [before, after] = [without, ended].map((one) => checked<Drift>(one, 'drift'));
    expect(after?.policyFile?.overrides.map(({ key }) => key)).toEqual(['policy.unmanagedRoles']);
    expect(after?.summary.differences).toBeGreaterThan(before?.summary.differences ?? 0);
  });

  it('judges an apply and its dry run, and the outcome names it', async () => {
    const stage = await staged(STRICT);
    const refused = await stage.run('apply', ...JSON_FLAGS, '--yes');
    expect(refused.code).toBe(4);
    expect(writesOf(stage)).toEqual([]);
    await stage.write('away/policy.yaml', policyOf('{ maxDeletes: 1 }'));
    const rehearsed = await stage.run('apply', ...JSON_FLAGS, '--dry-run');
    expect(JSON.parse(rehearsed.stdout)).toMatchObject({ policyFile: { path: 'away/policy.yaml' } });
    const applied = await stage.run('apply', ...JSON_FLAGS, '--yes');
    expect(applied.code).toBe(0);
    expect(outcomeOf(applied).policyFile?.path).toBe('away/policy.yaml');
    expect(roleNamed(stage, 'Old Reporting')).toBeUndefined();
  });

  it('is checked by validate together with the manifest', async () => {
    const stage = await staged(policyOf('{ removedMembersTo: Old Reporting }'));
    const ended = await stage.run('validate', ...JSON_FLAGS);
    expect(ended.code).toBe(3);
    expect(checked<{ problems: unknown[] }>(ended, 'validation').problems).toMatchObject([
      { code: 'wrong-destination', file: 'away/policy.yaml', line: 3 },
    ]);
    await stage.write('away/policy.yaml', policyOf('{ minAdmins: 2 }'));
    const valid = await stage.run('validate', ...JSON_FLAGS);
    expect(valid.code).toBe(0);
    expect(checked(valid, 'validation')).toMatchObject({
      policyFile: { path: 'away/policy.yaml', overrides: [{ key: 'policy.minAdmins', without: 0, file: 2 }] },
    });
    const { stdout } = await stage.run('validate', 'm', '--policy', 'away/policy.yaml');
    expect(stdout).toContain('policy.minAdmins is 2, without the file 0');
  });

  it.each([
    ['does not exist', 'none.yaml', 1],
    ['is a manifest', 'm/domo-roles.yaml', 3],
    ['is named by an option', '--x:y', 1],
  ])('that %s stops the run before the first request', async (_, policy, code) => {
    const stage = await staged(STRICT);
    const ended = await stage.run('plan', 'm', `--policy=${policy}`);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(stage.sandbox.log()).toEqual([]);
  });

  it.each([['--out'], ['--report']])('cannot be overwritten by %s', async (flag) => {
    const stage = await staged(STRICT);
    const file = flag === '--out' ? 'away/policy.yaml' : 'json=away/policy.yaml';
    const ended = await stage.run('plan', 'm', '--policy', 'away/policy.yaml', flag, file);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('would overwrite away/policy.yaml');
    expect(await readFile(join(stage.folder, 'away/policy.yaml'), 'utf8')).toBe(STRICT);
  });

  it('is announced in the plan and the outcome when it comes from the folder of the manifest', async () => {
    const stage = await staged(STRICT);
    await stage.write('m/policy.yaml', policyOf('{ maxDeletes: 9 }'));
    const args = ['m/domo-roles.yaml', '--policy', 'm/policy.yaml'];
    const plan = planOf(await stage.run('plan', ...args, '--format', 'json'));
    expect(plan.policyFile?.inWorkingTree).toBe(true);
    expect(plan.warnings.map(({ code }) => code)).toContain('policy-in-working-tree');
    const ends = planOf(await stage.run('plan', ...args, '--only-expired', '--format', 'json'));
    expect(ends.warnings.map(({ code }) => code)).toEqual(['policy-in-working-tree']);
    const { stdout } = await stage.run('plan', ...args);
    expect(stdout).toContain("m/policy.yaml, in the manifest's own working tree");
    const outcome = outcomeOf(await stage.run('apply', ...args, '--yes', '--format', 'json'));
    expect(outcome.warnings.map(({ code }) => code)).toContain('policy-in-working-tree');
  });
});

describe('--policy over a saved plan', () => {
  /** A saved plan of the manifest without the policy file. The manifest is deleted before the apply. */
  async function saved(policy: string, ...args: string[]): Promise<Stage> {
    const stage = await staged(policy);
    await stage.run('plan', 'm', '--out', 'plan.json', ...args);
    stage.sandbox.clearLog();
    return stage;
  }
  const apply = (stage: Stage, ...args: string[]) =>
    stage.run('apply', 'plan.json', '--yes', '--format', 'json', '--policy', 'away/policy.yaml', ...args);
  const refusalsOf = (stdout: string): Plan['refusals'] =>
    (JSON.parse(stdout) as { refusals: Plan['refusals'] }).refusals;

  it('runs its guards, which only this run can allow', async () => {
    const stage = await saved(STRICT);
    const refused = await apply(stage);
    expect([refused.code, refusalsOf(refused.stdout).map(({ code }) => code)]).toEqual([4, ['max-deletes']]);
    expect(JSON.parse(refused.stdout)).toMatchObject({ policyFile: { path: 'away/policy.yaml' } });
    expect(refused.stderr).toContain('policy.maxDeletes is 0, without the file 20 %, at least 1');
    expect(writesOf(stage)).toEqual([]);
    const outcome = outcomeOf(await apply(stage, '--allow', 'max-deletes=1', '--reason', 'agreed'));
    expect(outcome.allowed.map(({ code }) => code)).toEqual(['max-deletes']);
    expect(outcome.policyFile?.overrides.map(({ key }) => key)).toEqual([
      'policy.maxDeletes',
      'policy.minAdmins',
      'policy.protectedGrants',
    ]);
    expect(roleNamed(stage, 'Old Reporting')).toBeUndefined();
  });

  it('allows what the policy of the plan would refuse', async () => {
    const stage = await staged(
      policyOf('{ maxDeletes: 5 }'),
      MANIFEST.replace('minAdmins: 0', 'maxDeletes: 0'),
    );
    await stage.run('plan', 'm', '--out', 'plan.json');
    const without = await stage.run('apply', 'plan.json', '--yes');
    expect(without.code).toBe(4);
    expect((await apply(stage)).code).toBe(0);
  });

  it.each([
    ['removedMembersTo', '{ removedMembersTo: Social }'],
    ['unmanagedRoles', '{ unmanagedRoles: fail }'],
    ['acceptedDrift', '{ acceptedDrift: [{ what: unmanaged, reason: r, until: 2099-01-01 }] }'],
  ])('makes the plan stale when %s differs', async (key, body) => {
    const stage = await saved(policyOf(body));
    const ended = await apply(stage);
    expect(ended.code).toBe(4);
    const stale = refusalsOf(ended.stdout).filter(({ code }) => code === 'stale-plan');
    expect(stale).toMatchObject([{ items: [`policy.${key}`] }]);
    expect(writesOf(stage)).toEqual([]);
  });

  it('changes nothing when the plan was made under the same policy', async () => {
    const stage = await saved(
      policyOf('{ maxDeletes: 3, removedMembersTo: Social, protectedGrants: [gateway.oauth.client.create] }'),
      '--policy',
      'away/policy.yaml',
    );
    const outcome = outcomeOf(await apply(stage));
    expect(outcome.summary).toMatchObject({ failed: 0, changes: outcome.summary.done });
    expect(outcome.policyFile?.overrides).toEqual([]);
  });

  it('warns about existing violations as before', async () => {
    const stage = await saved(policyOf('{ maxDeletes: 3, rules: { few: { role: Editor, maxPeople: 1 } } }'));
    const { warnings } = outcomeOf(await apply(stage));
    const broken = warnings.filter(({ code }) => code === 'rule-broken').map(({ message }) => message);
    expect(broken).toEqual([
      expect.stringMatching(/^rule "few": 5 people are in role "Editor", at most 1 may/u),
    ]);
  });

  it('judges rules on the remaining roles', async () => {
    const stage = await saved(
      policyOf('{ maxDeletes: 3, rules: { few: { role: Old Reporting, maxPeople: 9 } } }'),
    );
    const ended = await apply(stage);
    expect([ended.code, writesOf(stage)]).toEqual([3, []]);
    expect(ended.stderr).toContain('Old Reporting');
  });

  it('applies in a rehearsal', async () => {
    const stage = await saved(policyOf('{ maxDeletes: 3 }'));
    const ended = await apply(stage, '--dry-run');
    expect(ended.code).toBe(0);
    expect((JSON.parse(ended.stdout) as Outcome).policyFile?.path).toBe('away/policy.yaml');
    expect(writesOf(stage)).toEqual([]);
  });

  it('requires the plan next to it to be valid', async () => {
    const stage = await saved(policyOf('{ maxDeletes: many }'));
    const ended = await apply(stage);
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      kind: 'validation',
      problems: [{ code: 'bad-limit', file: 'away/policy.yaml', line: 3 }],
    });
  });
});

describe('--policy over a rollback', () => {
  it('judges the plan to undo a run', async () => {
    const stage = await staged(policyOf('{ maxMoves: 0 }'));
    const applied = outcomeOf(await stage.run('apply', 'm', '--yes', '--format', 'json'));
    const args = ['rollback', applied.runId, '--policy', 'away/policy.yaml', '--format', 'json'];
    const ended = await stage.run(...args);
    expect(ended.code).toBe(4);
    const plan = planOf(ended);
    expect(refusedFor(plan)).toEqual(['max-moves']);
    expect(plan.policyFile?.overrides.map(({ key }) => key)).toEqual(['policy.maxMoves']);
  });

  it('says nothing about the working tree of a manifest, because a rollback has none', async () => {
    const stage = await staged(STRICT);
    const { runId } = outcomeOf(await stage.run('apply', 'm', '--yes', '--format', 'json'));
    await stage.write('policy.yaml', policyOf('{ maxMoves: 9 }'));
    const args = ['rollback', runId, '--policy', 'policy.yaml', '--format', 'json'];
    const plan = planOf(await stage.run(...args));
    expect(plan.policyFile).toMatchObject({ path: 'policy.yaml', inWorkingTree: false });
    expect(plan.warnings.map(({ code }) => code)).not.toContain('policy-in-working-tree');
    const outcome = outcomeOf(await stage.run(...args, '--yes'));
    expect(outcome.warnings.map(({ code }) => code)).not.toContain('policy-in-working-tree');
  });
});

describe('a folder of manifests', () => {
  it('cannot lose its policy file to an output', async () => {
    const stage = await staged(STRICT);
    await writeFile(join(stage.folder, 'm/policy.yaml'), STRICT);
    const ended = await stage.run('plan', 'm', '--out', 'm/policy.yaml');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('would overwrite m/policy.yaml');
  });
});
