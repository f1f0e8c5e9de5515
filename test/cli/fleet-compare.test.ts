import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ComparisonDocument } from '../../src/fleet/comparison.js';
import type { LiveRole, Snapshot } from '../../src/model/snapshot.js';
import { liveRole, person, snapshotOf } from '../support/arbitraries.js';
import { checkSchema } from '../support/check-schema.js';
import { documentOf } from '../support/cli.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { runWithin } from '../support/in-process.js';
import { readCsv } from '../support/read-csv.js';
import { openFleetStage } from '../support/fleet-stage.js';
import { snapshotFiles } from '../support/snapshot-folder.js';
import { folderOf } from '../manifest/support.js';

const HEAD = 'apiVersion: domo-roles/v1\nkind: Roles\n';
const BASE = `${HEAD}roles:
  Viewer:
    grants: [a.view, b.view]
  Auditor:
    grants: { from: [Participant], add: [b.export] }
`;

const entries = (lines: Readonly<Record<string, string>>): string =>
  [
    'apiVersion: domo-roles/v1\nkind: Fleet\nname: customers\nmanifest: base.yaml\ninstances:',
    ...Object.entries(lines).map(([name, entry]) => `  ${name}: ${entry}`),
    '',
  ].join('\n');

const VIEWER = ['a.view', 'b.view'];
const AUDITOR = liveRole(102, 'Auditor', ['a.view', 'b.export']);

const instance = (viewer: readonly string[] | null, ...more: readonly LiveRole[]): Snapshot =>
  snapshotOf({ custom: [...(viewer ? [liveRole(101, 'Viewer', viewer)] : []), AUDITOR, ...more] });

const ADDS_EXPORT = '{ overlay: { roles: { Viewer: { grants: { inherit: true, add: [b.export] } } } } }';

/**
 * Seven instances: three equal to the base, two with an overlay, one with the same change by hand, one without the
 * role.
 */
const FILES = {
  'base.yaml': BASE,
  'fleet.yaml': entries({
    acme: '{ labels: { tier: production } }',
    globex: '{}',
    hooli: '{}',
    initech: ADDS_EXPORT,
    umbrella: ADDS_EXPORT,
    wayne: '{}',
    wonka: '{}',
    zorg: '{ suspended: { reason: "ended, T-9" } }',
  }),
  ...snapshotFiles('snaps', {
    acme: instance(VIEWER),
    globex: instance(VIEWER),
    hooli: instance(VIEWER),
    initech: instance([...VIEWER, 'b.export']),
    umbrella: instance([...VIEWER, 'b.export']),
    wayne: instance([...VIEWER, 'b.export']),
    wonka: instance(null),
  }),
};

const compare = (cwd: string, ...args: string[]) => runWithin(['fleet', 'compare', ...args], { cwd });

const offline = (cwd: string, ...args: string[]) => compare(cwd, '--snapshots', 'snaps', ...args);

async function compared(cwd: string, ...args: string[]): Promise<ComparisonDocument> {
  const document = documentOf<ComparisonDocument>(await offline(cwd, '--format', 'json', ...args));
  expect(checkSchema('comparison', document)).toEqual([]);
  return document;
}

describe('fleet compare', () => {
  it('shows the variants of each role, the most frequent first, with their instances', async () => {
    const { code, stdout, stderr } = await offline(await folderOf(FILES));
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout.replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/u, 'NOW')).toBe(
      [
        'Fleet compare: customers  NOW · fleet.yaml · 8 of 8 instances · snapshots',
        'Compared with base.yaml: 2 differ, 2 are as their overlays ask, 3 are as the base and 1 is suspended.',
        '',
        'Differs, and no overlay asks for it',
        '  Viewer: 3 as base · 2 + b.export by overlay · 1 + b.export · 1 absent',
        '    + b.export by overlay: initech, umbrella',
        '    + b.export: wayne',
        '    absent: wonka',
        '',
        '1 role as base everywhere: Auditor',
        '',
      ].join('\n'),
    );
  });

  it('exits with 0 when overlays explain all differences, and with 2 otherwise', async () => {
    const cwd = await folderOf(FILES);
    expect((await offline(cwd, '--only', 'acme', '--only', 'initech')).code).toBe(0);
    expect((await offline(cwd, '--only', 'acme', '--only', 'wayne')).code).toBe(2);
    expect((await offline(cwd, '--where', 'tier=production')).code).toBe(0);
  });

  it('lists every instance in JSON and CSV', async () => {
    const cwd = await folderOf(FILES);
    const { roles, rows, summary, base, source } = await compared(cwd);
    expect({ base, source }).toEqual({ base: 'base.yaml', source: 'snapshots' });
    expect(roles.map(({ role, variants }) => [role, ...variants.map((one) => one.instances.length)])).toEqual(
      [
        ['Viewer', 3, 2, 1, 1],
        ['Auditor', 7],
      ],
    );
    expect(rows.map(({ instance: name, status }) => `${name} ${status}`)).toEqual([
      ...['acme clean', 'globex clean', 'hooli clean', 'initech clean', 'umbrella clean'],
      ...['wayne drift', 'wonka drift', 'zorg suspended'],
    ]);
    expect(summary).toMatchObject({ asBase: 3, byOverlay: 2, differs: 2, suspended: 1, exit: 2 });
    const csv = readCsv((await offline(cwd, '--format', 'csv')).stdout);
    const lines = csv.map((cells) => cells.join('|'));
    expect(lines).toContain('Viewer|1|acme|production|rest|as-base|yes|||||||');
    expect(lines).toContain('Viewer|1|initech||rest|by-overlay|yes|||b.export||||');
    expect(lines).toContain('Viewer|1|wayne||rest|differs|yes|b.export||||||');
    expect(lines).toContain('Viewer|1|wonka||rest|differs|no|||||absent||');
    expect(lines).toContain('||zorg||rest|suspended||||||||ended, T-9');
  });

  it('writes reports to files, but never over its own input', async () => {
    const cwd = await folderOf(FILES);
    const { code } = await offline(cwd, '--report', 'markdown=c.md', '--report', 'json=c.json');
    expect(code).toBe(2);
    const read = (file: string): Promise<string> => readFile(join(cwd, file), 'utf8');
    expect(await read('c.md')).toContain(
      '**`Viewer`**\n\n- 3 `as base`\n- 2 `+ b.export by overlay`: `initech, umbrella`',
    );
    expect(JSON.parse(await read('c.json'))).toMatchObject({ kind: 'comparison' });
    const over = await offline(cwd, '--report', 'csv=fleet.yaml');
    expect(over.code).toBe(1);
    expect(await read('fleet.yaml')).toBe(FILES['fleet.yaml']);
  });

  it('adds a row for an unreadable instance and compares the rest', async () => {
    const cwd = await folderOf({
      ...FILES,
      'fleet.yaml': `${FILES['fleet.yaml']}  lost: {}\n  wrong: { manifest: wrong.yaml }\n`,
      'wrong.yaml': `${HEAD}extends: base.yaml\nroles: { A: { grants: [] } }\n`,
      'snaps/instances/acme/snapshot.json': '{ "kind": "plan" }',
    });
    const ended = await offline(cwd);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain(
      '  failed  bad-file: there is no snapshot of "lost"\n    1 instance: lost\n',
    );
    expect(ended.stdout).toContain('  failed  bad-file: the file is not a snapshot\n    1 instance: acme\n');
    expect(ended.stdout).toContain('  invalid  ');
    expect(ended.stdout).toContain('Viewer: 2 as base · 2 + b.export by overlay');
    expect((await offline(cwd, '--only', 'wrong', '--only', 'wayne')).code).toBe(3);
  });

  it('rejects a manifest of another instance', async () => {
    const other = snapshotFiles('s', { other: instance(VIEWER) })['s/instances/other/snapshot.json'] ?? '';
    const cwd = await folderOf({
      ...FILES,
      'acme.yaml': `${HEAD}instance: acme\nextends: base.yaml\n`,
      'fleet.yaml': entries({ acme: '{ manifest: acme.yaml }' }),
      'snaps/instances/acme/snapshot.json': other,
    });
    const ended = await offline(cwd);
    expect(ended.code).toBe(4);
    expect(ended.stdout).toContain('instance-mismatch');
  });
});

describe('the base of a comparison', () => {
  const layered = (acme: string, globex: string): Record<string, string> => ({
    ...FILES,
    'common.yaml': `${HEAD}extends: base.yaml\nroles: { Viewer: { description: Looks } }\n`,
    'people.txt': 'p1@acme.com\n',
    'acme.yaml': `${HEAD}extends: ${acme}\nroles: { Admin: { members: { mode: additive, file: people.txt } } }\n`,
    'globex.yaml': `${HEAD}extends: ${globex}\nroles: { Admin: { members: { mode: additive, file: people.txt } } }\n`,
    'fleet.yaml': entries({ acme: '{ manifest: acme.yaml }', globex: '{ manifest: globex.yaml }' }),
  });

  it.each([
    ['the file that all extend', 'base.yaml', 'common.yaml', 'base.yaml'],
    ['the highest one', 'common.yaml', 'common.yaml', 'common.yaml'],
  ])('is %s', async (_what, acme, globex, expected) => {
    expect((await compared(await folderOf(layered(acme, globex)))).base).toBe(expected);
  });

  it('must be named when there are several or none', async () => {
    const several = await folderOf({
      ...layered('[base.yaml, other.yaml]', '[base.yaml, other.yaml]'),
      'other.yaml': `${HEAD}roles: { Other: { grants: [b.view] } }\n`,
    });
    const ended = await offline(several);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('both base.yaml and other.yaml in common');
    expect(ended.stderr).toContain('--base FILE');
    expect((await compared(several, '--base', 'other.yaml')).base).toBe('other.yaml');
    const none = await folderOf({ ...layered('base.yaml', 'base.yaml'), 'globex.yaml': BASE });
    expect((await offline(none)).stderr).toContain('most manifests of the fleet have no file in common');
  });

  it('cannot be found when no manifest can be read', async () => {
    const files = layered('base.yaml', 'base.yaml');
    const { code, stderr } = await offline(await folderOf({ ...files, 'people.txt': 'no address\n' }));
    expect([code, stderr]).toEqual([1, expect.stringContaining('no manifest of the fleet can be read')]);
    expect(stderr).toContain('fleet validate');
  });

  it('is the base of the whole fleet, whatever is selected', async () => {
    const cwd = await folderOf({
      ...layered('base.yaml', 'base.yaml'),
      'odd.yaml': `${HEAD}roles: { Viewer: { grants: [a.view, b.view] } }\n`,
      'policy.yaml': 'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { minAdmins: 1 }\n',
      'fleet.yaml': entries({
        acme: '{ manifest: acme.yaml }',
        globex: '{ manifest: globex.yaml }',
        hooli: '{ manifest: odd.yaml }',
      }),
    });
    expect((await compared(cwd, '--only', 'acme')).base).toBe('base.yaml');
    expect((await compared(cwd, '--policy', 'policy.yaml')).base).toBe('base.yaml');
    // It is unrelated to the base but names one of its roles.
    expect((await compared(cwd, '--only', 'hooli')).roles.map(({ role }) => role)).toEqual([
      'Auditor',
      'Viewer',
    ]);
  });

  it('is what the manifest of a single instance extends', async () => {
    const files = {
      ...layered('base.yaml', 'base.yaml'),
      'fleet.yaml': entries({ acme: '{ manifest: acme.yaml }' }),
    };
    expect((await compared(await folderOf(files))).base).toBe('base.yaml');
  });

  it('is found even when nothing is left to compare', async () => {
    const cwd = await folderOf(FILES);
    await offline(cwd, '--format', 'json');
    await runWithin(['fleet', 'plan', '--snapshots', 'snaps', '--only', 'acme', '--out', 'run'], { cwd });
    const ended = await offline(cwd, '--failed-from', 'run');
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('nothing to do');
  });

  it.each([
    ['is not there', 'gone.yaml', 1],
    ['is wrong', 'wrong.yaml', 3],
  ])('that %s stops the run', async (_what, file, code) => {
    const cwd = await folderOf({ ...FILES, 'wrong.yaml': `${HEAD}roles: { A: { grant: [] } }\n` });
    expect((await offline(cwd, '--base', file)).code).toBe(code);
  });

  it('matches roles by id and old names, but not by similar names', async () => {
    const cwd = await folderOf({
      ...FILES,
      'base.yaml': `${HEAD}roles:
  Reader: { renamedFrom: [Viewer], grants: [a.view, b.view] }
  Auditor: { grants: [a.view, b.export] }
`,
      'fleet.yaml': entries({
        acme: '{}',
        globex: '{ overlay: { roles: { Auditor: { id: 777 } } } }',
        hooli: '{}',
      }),
      ...snapshotFiles('snaps', {
        globex: instance(VIEWER, liveRole(777, 'Old Auditor', ['a.view', 'b.export'])),
        hooli: snapshotOf({ custom: [liveRole(101, 'reader', VIEWER), AUDITOR] }),
      }),
    });
    const { stdout } = await offline(cwd);
    expect(stdout).toContain('Reader: 2 named Viewer · 1 absent, with reader instead');
    expect(stdout).toContain('Auditor: 2 as base · 1 named "Old Auditor"'.replaceAll('"', ''));
  });

  it('leaves out unmanaged roles and additive lists', async () => {
    const base = `${HEAD}roles: { Viewer: { grants: { mode: additive, add: [a.view] } }, Admin: { members: { mode: additive, users: [p1@acme.com] } } }\n`;
    const cwd = await folderOf({
      ...FILES,
      'base.yaml': base,
      'fleet.yaml': entries({ acme: '{}', wayne: '{}' }),
    });
    const { code, stdout } = await offline(cwd);
    expect(code).toBe(0);
    expect(stdout).toContain('2 are as the base');
    expect(stdout).toContain('Auditor (not in the base): 2 with it (2 grants)');
  });
});

describe('members in a comparison', () => {
  const base = `${HEAD}roles: { Viewer: { members: [p7@acme.com] } }\npolicy: { removedMembersTo: Social }\n`;
  const withPeople = (...ids: number[]): Snapshot => ({
    ...instance(VIEWER),
    people: { scope: 'all', list: [person(1, 1), ...ids.map((id) => person(id, 101))] },
  });
  const files = {
    ...FILES,
    'base.yaml': base,
    'fleet.yaml': entries({
      acme: '{}',
      globex: '{ overlay: { roles: { Viewer: { members: { inherit: true, users: [p8@acme.com] } } } } }',
      hooli: '{}',
    }),
    ...snapshotFiles('snaps', {
      acme: withPeople(7),
      globex: withPeople(7, 8),
      hooli: withPeople(7, 8, 9),
    }),
  };

  it('are compared by number, with separate counts for those that overlays ask for', async () => {
    const { stdout } = await offline(await folderOf(files));
    expect(stdout).toContain('Viewer: 1 as base · 1 + 1 person by overlay · 1 + 2 people');
  });

  it('require a snapshot of all people', async () => {
    const part = { ...withPeople(7), people: { scope: 'admins' as const, list: [person(1, 1)] } };
    const cwd = await folderOf({ ...files, ...snapshotFiles('snaps', { acme: part }) });
    const ended = await offline(cwd);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('the snapshot holds administrators only');
  });
});

describe('fleet compare --manifests', () => {
  const files = {
    'base.yaml': `${HEAD}roles:
  Viewer: { description: Looks, grants: [a.view] }
  Author: { grants: { from: [Editor], add: [b.edit] }, members: [ana@acme.com] }
policy: { removedMembersTo: Social }
defaultRole: Participant
`,
    'fleet.yaml': entries({
      acme: '{}',
      globex: '{ overlay: { roles: { Author: { grants: { inherit: true, remove: [a.edit] } } } } }',
      hooli: '{ overlay: { roles: { Author: { members: { inherit: true, users: [{ id: 7 }] } } } } }',
      initech: '{ overlay: { removed: [Viewer], roles: { Special: { id: 99, grants: [x.any] } } } }',
      umbrella: '{ overlay: { defaultRole: Social, roles: { Viewer: { description: Reads } } } }',
      wayne: '{ overlay: { roles: { Author: { grants: { inherit: false, from: [Privileged] } } } } }',
    }),
  };

  it('compares what the manifests ask for, without any instance', async () => {
    const { code, stdout, stderr } = await compare(await folderOf(files), '--manifests');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n').filter((line) => line.startsWith('  ') && !line.startsWith('   '));
    expect(lines).toEqual([
      '  Author: 3 as base · 1 − a.edit by overlay · 1 + 1 person by overlay · 1 + from: Privileged − from: Editor by overlay',
      '  Special (not in the base): 5 without it · 1 with it (1 grant) by overlay',
      '  Viewer: 4 as base · 1 absent by overlay · 1 with another description by overlay',
      '  Default role: 5 Participant as base · 1 Social by overlay',
    ]);
  });

  it('shows what is missing from a manifest that does not extend the base', async () => {
    const cwd = await folderOf({
      ...files,
      'own.yaml': `${HEAD}roles: { Viewer: { description: Looks, grants: [a.view] } }\n`,
      'fleet.yaml': entries({ acme: '{ manifest: own.yaml }' }),
    });
    const ended = await compare(cwd, '--manifests', '--base', 'base.yaml');
    expect(ended.code).toBe(2);
    expect(ended.stdout).toContain('Author: 1 absent');
  });

  it('cannot be combined with snapshots or a target', async () => {
    const cwd = await folderOf(files);
    for (const flag of [['--snapshots', 'x'], ['--sandbox'], ['--tokens', 'x'], ['--token-dir', 'x']]) {
      const ended = await compare(cwd, '--manifests', ...flag);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(
        /--manifests cannot be combined with --snapshots|cannot be combined with --manifests/u,
      );
    }
  });
});

describe('fleet compare with live instances', () => {
  it('reads the instances, writes nothing, and adds a row for an unreachable one', async () => {
    const stage = await openFleetStage(['alpha', 'beta']);
    try {
      stage.sandboxes.get('beta')?.setQuirks({ networkBlocked: true });
      await stage.write(
        'base.yaml',
        `${HEAD}roles: { Data Analyst: { members: { mode: additive, users: [ana@acme.com] } }, Gone: { grants: [audit] } }\n`,
      );
      const { code, stdout, stderr } = await stage.fleet('compare');
      expect(code).toBe(1);
      expect(stdout).toContain('· live\n');
      expect(stdout).toContain('Gone: 1 absent');
      expect(stdout).toMatch(/failed {2}[^\n]+\n {4}1 instance: beta/u);
      expect(stderr).toMatch(/alpha: done/u);
      const asked = [...stage.seen.values()].flat();
      expect(asked.length).toBeGreaterThan(3);
      expect(asked.filter((request) => !/^GET|search/u.test(request))).toEqual([]);
    } finally {
      await stage.close();
    }
  });
});

describe('hostile names in a comparison', () => {
  it('are plain text in every format', async () => {
    const custom = HOSTILE_TEXTS.map(([, name], index) => liveRole(1000 + index, name, ['a.view']));
    const cwd = await folderOf({
      ...FILES,
      'fleet.yaml': entries({ acme: '{}', globex: '{}' }),
      ...snapshotFiles('snaps', { acme: instance(VIEWER, ...custom), globex: instance(VIEWER) }),
    });
    for (const format of ['text', 'markdown']) {
      const { stdout } = await offline(cwd, '--format', format);
      // eslint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u200b\u202e\u2066-\u2069]/u);
    }
    const { stdout } = await offline(cwd, '--format', 'markdown');
    const bare = stdout.replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/gu, '');
    expect(bare).not.toMatch(/<script|<img|@acme|https:/u);
    const { roles } = await compared(cwd);
    expect(roles.map(({ role }) => role)).toEqual(expect.arrayContaining(['__proto__', 'constructor']));
  });
});
