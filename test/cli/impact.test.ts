import { describe, expect, it } from '@jest/globals';
import { manifest, planned, stageForFile } from './support.js';

const MOVES = manifest(`roles:
  Data Engineer:
    members: { mode: additive, users: [bo@acme.com, iris@acme.com, jon@acme.com, kai@acme.com] }
  People Manager:
    grants: { mode: additive, add: [user.edit] }
`);

describe('the impact of a plan', () => {
  const held = stageForFile();

  it('shows a move as its grants, protected ones first', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MOVES);
    await stage.run('plan', '--out', 'plan.json');
    const plan = JSON.parse(
      (await stage.run('plan', '--format', 'json', '--allow', 'escalation')).stdout,
    ) as Awaited<ReturnType<typeof planned>>;
    const [first] = plan.impact;
    expect(first).toMatchObject({ grant: 'user.edit', protected: true, gainCount: 2, loseCount: 0 });
    expect(first?.gains.map((one) => one.email)).toEqual(['faye@acme.com', 'gus@acme.com']);
    const gained = plan.impact.find((one) => one.grant === 'workbench.download');
    expect(gained?.gains.map((one) => one.email)).toEqual([
      'bo@acme.com',
      'iris@acme.com',
      'jon@acme.com',
      'kai@acme.com',
    ]);
    const guarded = plan.impact.map((one) => one.protected);
    expect(guarded).toEqual([...guarded].sort((a, b) => Number(b) - Number(a)));
  });

  it('names people up to a limit and counts the rest in every format, while the file lists everyone who gains a protected grant', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MOVES);
    const plan = await planned(stage, '--allow', 'escalation', '--impact-limit', '1');
    const gained = plan.impact.find((one) => one.grant === 'workbench.download');
    expect([gained?.gains.length, gained?.gainCount]).toEqual([1, 4]);
    expect(plan.impact[0]?.gains).toHaveLength(2);
    for (const format of ['text', 'markdown']) {
      const { stdout } = await stage.run(
        'plan',
        '--format',
        format,
        '--allow',
        'escalation',
        '--impact-limit',
        '1',
      );
      expect(stdout).toMatch(/bo@acme\.com.{0,20}and 3 more/u);
      expect(stdout.indexOf('user.edit')).toBeLessThan(stdout.indexOf('workbench.download'));
    }
  });

  it('counts a grant that people keep through another role as neither gained nor lost', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest('roles:\n  Data Analyst: { members: { mode: additive, users: [zoe@acme.com] } }\n'),
    );
    const plan = await planned(stage);
    const grants = plan.impact.map((one) => one.grant);
    expect(grants).not.toContain('dataset.export');
    expect(grants).toContain('workbench.download');
  });

  it.each([['0'], ['-1'], ['1.5'], ['x']])('accepts or rejects a limit of %s', async (limit) => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', MOVES);
    const ended = await stage.run('plan', '--impact-limit', limit);
    if (limit === '0') expect(ended.code).toBe(4);
    else expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('--impact-limit')]);
  });
});
