import { describe, expect, it } from '@jest/globals';
import type { Drift } from '../../src/drift/drift.js';
import type { Stage } from '../support/cli.js';
import {
  checked,
  ID,
  manifest,
  peopleIn,
  planned,
  refusedFor,
  roleNamed,
  settles,
  stageForFile,
} from './support.js';

/** A base with a role that has grants and people, and with a role to remove. */
const BASE = `roles:
  Data Analyst:
    grants: { from: [Participant], add: [content.card.edit, dataset.export], remove: [alert.edit] }
    members: [ana@acme.com, uma@acme.com]
removed: [Old Reporting]
policy: { removedMembersTo: Participant, maxDeletes: 10, maxMoves: 100, maxGrantChanges: 1000 }
`;

async function writeLayers(stage: Stage, top: string, base = BASE): Promise<void> {
  await stage.write('base.yaml', manifest(base));
  await stage.write('domo-roles.yaml', manifest(`extends: base.yaml\n${top}`));
}

describe('an overlay', () => {
  const held = stageForFile();

  it('plans the same changes as an equivalent single manifest', async () => {
    const { stage } = held;
    await writeLayers(
      stage,
      `roles:
  Data Analyst:
    grants: { inherit: true, from: [Social], add: [alert.edit], remove: [dataset.export] }
    members: { inherit: true, users: [bo@acme.com], remove: [Uma@ACME.com] }
`,
    );
    const layered = await planned(stage);
    const taken = ['Participant', 'Social'].flatMap((name) => roleNamed(stage, name)?.authorities ?? []);
    const list = new Set([...taken, 'content.card.edit', 'alert.edit']);
    list.delete('dataset.export');
    await stage.write(
      'hand.yaml',
      manifest(`roles:
  Data Analyst:
    grants: [${[...list].join(', ')}]
    members: [ana@acme.com, bo@acme.com]
removed: [Old Reporting]
policy: { removedMembersTo: Participant, maxDeletes: 10, maxMoves: 100, maxGrantChanges: 1000 }
`),
    );
    const byHand = await planned(stage, 'hand.yaml');
    expect(layered.changes.length).toBeGreaterThan(2);
    expect(layered.changes).toEqual(byHand.changes);
    expect(layered.impact).toEqual(byHand.impact);
    await settles(stage);
    expect(peopleIn(stage, 'Data Analyst')).toEqual(['Ana', 'Bo']);
  });

  it('that only extends its base plans what the base plans', async () => {
    const { stage } = held;
    await writeLayers(
      stage,
      'roles: { Data Analyst: { grants: { inherit: true }, members: { inherit: true } } }\n',
    );
    const [base, overlay] = [await planned(stage, 'base.yaml'), await planned(stage)];
    const parts = ({ changes, impact, warnings, unmanaged, refusals }: typeof base): object => ({
      ...{ changes, impact, unmanaged, refusals },
      warnings: warnings.map(({ message }) => message),
    });
    expect(parts(overlay)).toEqual(parts(base));
  });

  it('points at the file and line of an inherited entry, in every format of validate and in a plan', async () => {
    const { stage } = held;
    const base = BASE.replace('content.card.edit', 'content.card.edti');
    await writeLayers(
      stage,
      'roles: { Data Analyst: { grants: { inherit: true, add: [content.export] } } }\n',
      base,
    );
    const refused = await stage.run('plan');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('base.yaml:5:42');
    await stage.write('snapshot.json', (await stage.run('export', '--format', 'snapshot')).stdout);
    for (const format of ['text', 'github', 'json', 'sarif']) {
      const { code, stdout, stderr } = await stage.run(
        'validate',
        '--catalogue',
        'snapshot.json',
        '--format',
        format,
      );
      expect(code).toBe(3);
      expect(stdout + stderr).toContain('base.yaml');
      expect(stdout + stderr).toContain('content.card.edti');
    }
  });

  it('that inherits a list which its base lacks exits with 3 before any request', async () => {
    const { stage } = held;
    await writeLayers(stage, 'roles: { Data Engineer: { grants: { inherit: true } } }\n');
    const { code, stderr } = await stage.run('plan');
    expect(code).toBe(3);
    expect(stderr).toContain('inherit-nothing');
    expect(stage.sandbox.log()).toEqual([]);
  });

  it('that replaces a list of its base is noted in the plan, unless it does so explicitly', async () => {
    const { stage } = held;
    const codes = async (flag: string): Promise<string[]> => {
      await writeLayers(stage, `roles: { Data Analyst: { grants: { ${flag}add: [content.export] } } }\n`);
      return (await planned(stage)).warnings.map(({ code }) => code);
    };
    expect(await codes('')).toContain('replaces-base');
    expect(await codes('inherit: false, ')).not.toContain('replaces-base');
  });
});

describe('a role that is marked as unmanaged', () => {
  const held = stageForFile();

  it('is not reported, does not fail a plan and is not deleted, even if a base removes it', async () => {
    const { stage } = held;
    const live = ['Data Analyst', 'Data Engineer', 'Finance Viewer', 'People Manager', 'Old Reporting'];
    const keep = (policy: string, mark: string): Promise<void> =>
      writeLayers(
        stage,
        `roles: {${live
          .slice(0, 3)
          .map((name) => ` ${name}: {},`)
          .join('')} People Manager: ${mark}, Old Reporting: ${mark} }
policy: { unmanagedRoles: ${policy} }
`,
        'removed: [Old Reporting]\npolicy: { removedMembersTo: Participant, maxDeletes: 10 }\n',
      );
    for (const policy of ['report', 'fail', 'delete', 'ignore']) {
      await keep(policy, 'unmanaged');
      const plan = await planned(stage);
      expect([policy, plan.changes, refusedFor(plan), plan.unmanaged.roles]).toEqual([policy, [], [], []]);
      const { stdout } = await stage.run('drift', '--format', 'json');
      expect(JSON.parse(stdout)).toMatchObject({ changes: [], unmanaged: { roles: [] } });
    }
    for (const format of ['text', 'markdown', 'junit']) {
      const { code, stdout } = await stage.run('plan', '--format', format);
      expect(code).toBe(0);
      expect(stdout).not.toContain('Old Reporting');
    }
    expect(roleNamed(stage, 'Old Reporting')).toBeDefined();
  });

  it('is reported, fails a plan or is deleted without the mark', async () => {
    const { stage } = held;
    const wanted = 'Data Analyst: {}, Data Engineer: {}, Finance Viewer: {}, People Manager: {}';
    const rest = 'removedMembersTo: Participant, maxDeletes: 10';
    await stage.write(
      'domo-roles.yaml',
      manifest(`roles: { ${wanted} }\npolicy: { ${rest}, unmanagedRoles: fail }\n`),
    );
    expect(refusedFor(await planned(stage))).toEqual(['unmanaged-roles']);
    const drift = checked<Drift>(await stage.run('drift', '--format', 'json'), 'drift');
    expect(drift.unmanaged.roles.map(({ name }) => name)).toEqual(['Old Reporting']);
  });

  it('can be referred to elsewhere in the manifest', async () => {
    const { stage } = held;
    await writeLayers(
      stage,
      `defaultRole: Finance Viewer
roles:
  Finance Viewer: unmanaged
  Reader: { grants: { from: [Finance Viewer] } }
policy: { removedMembersTo: Finance Viewer }
`,
      'roles: { Finance Viewer: { grants: [alert.edit], members: [bo@acme.com] } }\n',
    );
    const before = roleNamed(stage, 'Finance Viewer');
    await settles(stage);
    expect(roleNamed(stage, 'Reader')?.authorities.sort()).toEqual(before?.authorities.sort());
    expect(stage.sandbox.state().settings.defaultRoleId).toBe(ID.finance);
    expect(peopleIn(stage, 'Finance Viewer')).not.toContain('Bo');
  });

  it('keeps its name when a rename would take it over', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest('roles: { Finance Viewer: unmanaged, Finance Reader: { renamedFrom: [Finance Viewer] } }\n'),
    );
    const plan = await planned(stage);
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['role.create']);
    expect(plan.warnings.map(({ code }) => code)).toContain('new-name-instead');
    await stage.write(
      'domo-roles.yaml',
      manifest(`roles: { Finance Viewer: unmanaged, Finance Reader: { id: ${ID.finance} } }\n`),
    );
    const { code, stdout } = await stage.run('plan', '--format', 'json');
    expect(code).toBe(4);
    expect((JSON.parse(stdout) as { refusals: { code: string }[] }).refusals.map((one) => one.code)).toEqual([
      'ambiguous-rename',
    ]);
  });

  it('is refused when its name only resembles a live one', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest(
        'roles: { old  reporting: unmanaged, Reader: { grants: [alert.edit] } }\npolicy: { unmanagedRoles: delete, removedMembersTo: Participant, maxDeletes: 10, maxMoves: 100 }\n',
      ),
    );
    const { code, stdout } = await stage.run('plan');
    expect(code).toBe(4);
    expect(stdout).toContain('roles names "old  reporting"');
  });

  it('is invalid when the same file lists it under removed', async () => {
    const { stage } = held;
    await stage.write(
      'domo-roles.yaml',
      manifest('removed: [Old Reporting]\nroles: { Old Reporting: unmanaged }\n'),
    );
    const { code, stderr } = await stage.run('plan');
    expect(code).toBe(3);
    expect(stderr).toContain('removed-and-wanted');
  });
});
