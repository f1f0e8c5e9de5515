import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { openProcessStage } from '../support/cli.js';
import { manifest, planOf, refusedFor, stageForFile } from './support.js';

const held = stageForFile(openProcessStage);

const policy = (lines: string): string => `apiVersion: domo-roles/v1\nkind: Policy\npolicy:\n${lines}`;

describe('a policy file, run as processes against a served instance', () => {
  it('judges a plan by the given revision, whatever the pull request contains', async () => {
    const { stage } = held;
    const git = (...args: string[]): void => {
      const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@acme.com'];
      execFileSync('git', [...who, ...args], { cwd: stage.folder, stdio: 'ignore' });
    };
    await stage.write('policy.yaml', policy('  maxDeletes: 0\n'));
    git('init', '--quiet', '--initial-branch=main');
    git('add', 'policy.yaml');
    git('commit', '--quiet', '-m', 'The policy of the company');

    // A pull request that deletes a role and weakens the policy.
    await stage.write('domo-roles.yaml', manifest('removed: [Old Reporting]\npolicy: { maxDeletes: 9 }\n'));
    await stage.write('policy.yaml', policy('  maxDeletes: 9\n'));

    const own = planOf(await stage.run('plan', '--format', 'json', '--policy', 'policy.yaml'));
    expect(refusedFor(own)).not.toContain('max-deletes');
    expect(own.warnings.map(({ code }) => code)).toContain('policy-in-working-tree');

    const ofMain = ['--policy', 'main:policy.yaml'];
    const judged = await stage.run('plan', '--format', 'json', '--out', 'plan.json', ...ofMain);
    expect(judged.code).toBe(4);
    expect(refusedFor(planOf(judged))).toContain('max-deletes');

    // A saved plan that its own policy accepts is also judged by the file.
    await stage.run('plan', '--format', 'json', '--out', 'loose.json');
    const applied = await stage.run('apply', 'loose.json', '--yes', ...ofMain);
    expect([applied.code, applied.stderr]).toEqual([4, expect.stringContaining('max-deletes')]);
  });
});
