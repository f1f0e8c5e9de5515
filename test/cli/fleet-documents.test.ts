import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FleetDocument } from '../../src/fleet/document.js';
import { checkSchema } from '../support/check-schema.js';
import type { InstanceRoles } from '../../src/fleet/instance-roles.js';
import { BASE, filesBelow, inventoryOf, openFleetStage, rowOf } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';

let stage: FleetStage;
afterEach(() => stage.close());

/** Healthy, unreachable, suspended, with a wrong manifest, without a token, refused. */
async function openMixed(): Promise<void> {
  stage = await openFleetStage(['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta']);
  stage.sandboxes.get('beta')?.setQuirks({ networkBlocked: true });
  const entries = {
    alpha: '{ labels: { tier: test } }',
    beta: '{}',
    gamma: '{ suspended: { reason: ended } }',
    delta: '{ overlay: { roles: { A: { grants: [no.such.grant] } } } }',
    epsilon: '{ overlay: { policy: { requiredAdmins: [no-one@acme.com] } } }',
    lost: '{}',
    zeta: '{}',
  };
  await stage.write(
    'fleet.yaml',
    inventoryOf(entries, 'waves: [{ name: first, where: [tier=test], mayFail: 9 }]\n'),
  );
}

/** A document without the values that may differ between equal runs. */
function withoutTimes(document: FleetDocument): unknown {
  const rows = document.rows.map((row) => ({ ...row, ms: 0, requests: 0, runId: null, attempts: [] }));
  return { ...document, madeAt: null, rows };
}

describe('a fleet with drift that no apply can undo', () => {
  it('reports it and does not print "No drift"', async () => {
    stage = await openFleetStage(['alpha']);
    await stage.write(
      'own/fleet.yaml',
      inventoryOf({
        alpha: '{ overlay: { policy: { unmanagedRoles: fail } } }',
        lost: '{ manifest: nope.yaml }',
      }),
    );
    await stage.write(
      'own/base.yaml',
      'apiVersion: domo-roles/v1\nkind: Roles\nroles: { Data Analyst: { grants: { mode: additive, add: [content.card.edit] } } }\n',
    );
    const drift = await stage.fleet('drift', 'own/fleet.yaml', '--out', 'out');
    expect(drift.stdout).toMatch(/with drift {2}\d+ unmanaged roles\n/u);
    expect(drift.stdout).not.toContain('No drift');
    // A path in an inventory is not relative to the working directory.
    expect(drift.stdout).toContain('the path is relative to the inventory');
  });
});

describe('a description with a mark that reverses the text after it', () => {
  it('is escaped in every document of a fleet run', async () => {
    stage = await openFleetStage(['alpha']);
    await stage.write('base.yaml', BASE.replace('Looks at finance', 'Looks \u202e at finance'));
    expect((await stage.fleet('plan', '--out', 'out')).code).toBe(0);
    const files = [...(await filesBelow(join(stage.folder, 'out')))];
    const texts = files.filter(([path]) => path.endsWith('.json')).map(([, { text }]) => text);
    expect(texts.some((text) => text.includes('\\u202e'))).toBe(true);
    expect(texts.filter((text) => /\p{Bidi_Control}/u.test(text))).toEqual([]);
  });
});

describe('a clock that is set back while a fleet runs', () => {
  it('leaves documents that every command accepts', async () => {
    stage = await openFleetStage(['alpha', 'beta']);
    let time = Date.UTC(2026, 10, 27, 12);
    const within = { now: () => (time -= 1000) };
    expect((await stage.fleetIn(within, 'plan', '--out', 'plans')).code).toBe(0);
    expect((await stage.fleetIn(within, 'apply', 'plans', '--yes', '--out', 'out')).code).toBe(0);
    expect((await stage.fleetIn(within, 'drift', '--out', 'drift')).code).toBe(0);
    for (const out of ['plans', 'out', 'drift']) {
      expect((await stage.offline('report', out)).code).toBe(0);
      expect((await stage.document(out)).rows.map(({ ms }) => ms)).toEqual([0, 0]);
    }
    expect((await stage.fleetIn(within, 'rollback', 'out', '--allow', 'max-deletes=1')).code).toBe(0);
  });
});

describe('fleet documents', () => {
  it.each([
    ['plan', []],
    ['drift', []],
    ['doctor', []],
    ['export', []],
    ['export', ['--format', 'manifest']],
    ['apply', ['--yes']],
    ['apply', ['plans', '--yes']],
    ['apply', []],
  ])('of %s %j match the published schema and contain no local path', async (verb, args) => {
    await openMixed();
    if (args.includes('plans')) await stage.fleet('plan', '--out', 'plans', '--retries', '0');
    await stage.fleet(verb, '--out', 'out', '--retries', '0', ...args);
    const document = await stage.document('out');
    expect(checkSchema('fleet', document)).toEqual([]);
    expect(document.rows).toHaveLength(7);
    const files = await filesBelow(join(stage.folder, 'out'));
    // A row names a document of this folder, or none.
    const named = document.rows.flatMap((row) => row.document ?? []);
    expect(named.filter((file) => !files.has(file))).toEqual([]);
    for (const { text } of files.values()) {
      expect(text).not.toContain(stage.folder);
      expect(text).not.toMatch(/token-of-/u);
    }
  });

  it.each([['plan'], ['drift']])('of %s come with the roles of each instance that was read', async (verb) => {
    await openMixed();
    await stage.fleet(verb, '--out', 'out', '--retries', '0');
    const left = [...(await filesBelow(join(stage.folder, 'out')))].filter(([path]) =>
      path.endsWith('/roles.json'),
    );
    const read = (await stage.document('out')).rows.filter(
      ({ document }) => document !== null && !document.endsWith('/problems.json'),
    );
    expect(left.map(([path]) => path.split('/')[1]).sort()).toEqual(read.map(({ instance }) => instance));
    for (const [path, { text }] of left) {
      const roles = JSON.parse(text) as InstanceRoles;
      expect(checkSchema('instance-roles', roles)).toEqual([]);
      expect(roles.instance).toBe(path.split('/')[1]);
      expect(roles.roles?.map(({ role }) => role)).toContain('Fleet Viewer');
      expect(roles.holders).toContainEqual(
        expect.objectContaining({ role: 'Admin', people: expect.arrayContaining(['root@acme.com']) }),
      );
    }
  });

  it('of an export of manifests come with one manifest per instance, which plans no changes there', async () => {
    await openMixed();
    const exported = await stage.fleet(
      'export',
      '--format',
      'manifest',
      '--out',
      'live',
      '--only',
      'alpha',
      '--compact',
    );
    expect(exported.code).toBe(0);
    await stage.write(
      'back.yaml',
      inventoryOf({ alpha: '{ manifest: live/instances/alpha/manifest.yaml }' }),
    );
    expect(await stage.fleet('plan', 'back.yaml', '--out', 'again')).toMatchObject({ code: 0 });
    expect((await stage.document('again')).rows).toMatchObject([{ instance: 'alpha', status: 'clean' }]);
  });

  it('of an export of snapshots cannot be combined with flags for manifests', async () => {
    await openMixed();
    const { code, stderr } = await stage.fleet('export', '--out', 'live', '--without', 'members');
    expect(code).toBe(1);
    expect(stderr).toContain('--without cannot be combined with --format snapshot');
  });

  it('contain the result of each instance', async () => {
    await openMixed();
    const { code } = await stage.fleet('plan', '--out', 'out', '--retries', '0');
    expect(code).toBe(1);
    const document = await stage.document('out');
    const rows = document.rows.map(({ instance, status, exit, problems, refusals }) => [
      instance,
      status,
      exit,
      ...[...problems, ...refusals].map((one) => one.code),
    ]);
    expect(rows).toEqual([
      ['alpha', 'changes', 0],
      ['beta', 'failed', 1, 'blocked-network'],
      ['delta', 'invalid', 3, 'unknown-grant'],
      ['epsilon', 'refused', 4, 'required-admins'],
      ['gamma', 'suspended', null],
      ['lost', 'failed', 1, 'no-credential'],
      ['zeta', 'changes', 0],
    ]);
    expect(rowOf(document, 'delta').problems[0]).toMatchObject({ file: 'fleet.yaml' });
  });

  it('are equal for equal input except for times, requests, run ids and attempts', async () => {
    await openMixed();
    const runs: unknown[] = [];
    for (const out of ['one', 'two']) {
      await stage.fleet('plan', '--out', out, '--retries', '0', '--at-once', out === 'one' ? '1' : '8');
      runs.push(withoutTimes(await stage.document(out)));
    }
    expect(JSON.stringify(runs[0])).toBe(JSON.stringify(runs[1]));
  });

  it('are rendered again by report with exit code 0, and rejected with 1 after a manual edit', async () => {
    await openMixed();
    await stage.fleet('plan', '--out', 'out', '--retries', '0');
    for (const format of ['text', 'json', 'markdown', 'csv']) {
      const argv = ['fleet', 'report', 'out', '--format', format];
      const ended = await runWithin(argv, { cwd: stage.folder });
      expect([format, ended.code, ended.stdout.includes('epsilon')]).toEqual([format, 0, true]);
    }
    const document = await stage.document('out');
    const bad = { ...document, rows: [{ ...document.rows[0], status: 'fine' }] };
    await writeFile(join(stage.folder, 'out/fleet.json'), JSON.stringify(bad));
    const { code, stderr } = await stage.fleet('plan', '--failed-from', 'out', '--out', 'next');
    expect(code).toBe(1);
    expect(stderr).toContain('does not match its schema');
  });
});

describe('a fleet document that is a link to a device', () => {
  it.each(['out', 'out/fleet.json'])('is reported as that, not as missing: %s', async (path) => {
    stage = await openFleetStage(['alpha']);
    await mkdir(join(stage.folder, 'out'));
    await symlink('/dev/zero', join(stage.folder, 'out/fleet.json'));
    const { code, stderr } = await runWithin(['fleet', 'report', path], { cwd: stage.folder });
    expect([code, stderr]).toEqual([1, expect.stringContaining('it is not a plain file')]);
  });
});
