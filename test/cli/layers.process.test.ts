import { describe, expect, it } from '@jest/globals';
import type { Drift } from '../../src/drift/drift.js';
import { openProcessStage } from '../support/cli.js';
import {
  checked,
  manifest,
  peopleIn,
  planned,
  refusedFor,
  roleNamed,
  settles,
  stageForFile,
} from './support.js';

describe('bases and an overlay, run as processes against a served instance', () => {
  const held = stageForFile(openProcessStage);

  it('apply as combined, leave unmanaged roles alone, and settle without drift', async () => {
    const { stage } = held;
    await stage.write(
      'shared/common.yaml',
      manifest(`roles:
  Data Analyst:
    grants: { from: [Participant], add: [dataset.export], remove: [alert.edit] }
    members: { users: [ana@acme.com], file: analysts.txt }
removed: [Old Reporting]
policy: { removedMembersTo: Participant, maxMoves: 100, maxDeletes: 10, maxGrantChanges: 1000 }
`),
    );
    await stage.write('shared/analysts.txt', 'uma@acme.com\nvera@acme.com\n');
    const part = (body: string): string =>
      manifest(`extends: common.yaml\nroles: { Data Analyst: ${body} }\n`);
    await stage.write('shared/more.yaml', part('{ grants: { inherit: true, add: [alert.edit] } }'));
    await stage.write('shared/fewer.yaml', part('{ members: { inherit: true, remove: [vera@acme.com] } }'));
    await stage.write(
      'domo-roles.yaml',
      manifest(`extends: [shared/more.yaml, shared/fewer.yaml]
roles:
  Data Analyst: { members: { inherit: true, users: [bo@acme.com] } }
  Old Reporting: unmanaged
  Data Engineer: {}
  Finance Viewer: {}
  People Manager: {}
policy: { unmanagedRoles: fail }
`),
    );
    const plan = await planned(stage);
    expect([refusedFor(plan), plan.unmanaged.roles, plan.warnings]).toEqual([[], [], []]);
    await settles(stage);
    const participant = roleNamed(stage, 'Participant')?.authorities ?? [];
    const wanted = [...new Set([...participant, 'dataset.export', 'alert.edit'])].sort();
    expect(roleNamed(stage, 'Data Analyst')?.authorities.sort()).toEqual(wanted);
    expect(peopleIn(stage, 'Data Analyst')).toEqual(['Ana', 'Bo', 'Uma']);
    expect(roleNamed(stage, 'Old Reporting')).toBeDefined();
    const drift = await stage.run('drift', '--format', 'json');
    expect(drift.code).toBe(0);
    expect(checked<Drift>(drift, 'drift').changes).toEqual([]);
  });
});
