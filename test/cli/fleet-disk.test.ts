import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { filesBelow, inventoryOf, openFleetStage, rowOf, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

let stage: FleetStage;
beforeEach(async () => {
  stage = await openFleetStage(['alpha', 'beta', 'gamma']);
});
afterEach(() => stage.close());

/** Puts a file in place of a folder, or a folder in place of a file, so that it cannot be written. */
function block(path: string, by: 'file' | 'folder' = 'file'): void {
  const place = join(stage.folder, 'out', path);
  rmSync(place, { recursive: true, force: true });
  if (by === 'file') writeFileSync(place, 'in the way');
  else mkdirSync(join(place, 'in the way'), { recursive: true });
}

const written = (): string[] =>
  [...stage.sandboxes].flatMap(([name, sandbox]) =>
    sandbox.state().roles.some((role) => role.name === 'Fleet Viewer') ? [name] : [],
  );

const LOST =
  'the files of this run were deleted or replaced while it ran: run again, and use --out to write to another folder';

/** Blocks a path of beta while it is read for the nth time. */
function blockAtRequest(nth: number, path: string, by?: 'file' | 'folder'): void {
  stage.sandboxes.get('beta')?.after(nth, () => block(path, by));
}

describe('an unusable run folder', () => {
  it.each([['--format', 'json'], []])(
    'is reported by its path on the command line (%p)',
    async (...format) => {
      for (const verb of ['plan', 'drift', 'doctor']) {
        const { code, stdout, stderr } = await stage.fleet(verb, '--out', 'fleet.yaml', ...format.flat());
        expect([verb, code, stderr]).toEqual([
          verb,
          1,
          expect.stringContaining('fleet.yaml cannot be used: it is a link or a file, not a folder'),
        ]);
        expect(`${stdout}${stderr}`).not.toContain(stage.folder);
      }
    },
  );
});

describe('a disk error for the files of one instance', () => {
  it.each([
    ['plan', 'plan.json', []],
    ['drift', 'drift.json', []],
    ['doctor', 'doctor.json', []],
    ['export', 'snapshot.json', []],
    ['export', 'manifest.yaml', ['--format', 'manifest']],
  ] as const)('in a %s (%s) fails that row alone and exits with 1', async (verb, file, more) => {
    blockAtRequest(1, 'instances/beta');
    const { code } = await stage.fleet(verb, '--out', 'out', ...more);
    const document = await stage.document('out');
    const successStatus = { plan: 'changes', drift: 'drift', doctor: 'clean', export: 'clean' }[verb];
    expect([code, statuses(document)]).toEqual([
      1,
      [`alpha ${successStatus}`, 'beta failed', `gamma ${successStatus}`],
    ]);
    const { because, problems } = rowOf(document, 'beta');
    expect([because, problems.map((one) => one.code)]).toEqual([
      'instances/beta cannot be used: it is a link or a file, not a folder',
      ['bad-file'],
    ]);
    expect(rowOf(document, 'gamma').document).toBe(`instances/gamma/${file}`);
  });

  it('during the planning of an apply leaves that instance untouched, applies the others and exits with 5', async () => {
    blockAtRequest(1, 'instances/beta');
    const { code } = await stage.fleet('apply', '--yes', '--out', 'out');
    expect([code, statuses(await stage.document('out'))]).toEqual([
      5,
      ['alpha done', 'beta failed', 'gamma done'],
    ]);
    expect(written()).toEqual(['alpha', 'gamma']);
  });

  it('before the first write leaves that instance untouched, applies the others and exits with 5', async () => {
    await stage.write(
      'fleet.yaml',
      inventoryOf(
        { alpha: '{ labels: { a: b } }', beta: '{}', gamma: '{}' },
        'waves: [{ name: first, where: [a=b] }]\n',
      ),
    );
    // While the first wave is written.
    stage.sandboxes.get('alpha')?.onWrite(() => block('instances/beta/run'));
    const { code } = await stage.fleet('apply', '--yes', '--out', 'out');
    expect([code, statuses(await stage.document('out'))]).toEqual([
      5,
      ['alpha done', 'beta failed', 'gamma done'],
    ]);
    expect(written()).toEqual(['alpha', 'gamma']);
  });

  it('before the first write to the only instance exits with 1', async () => {
    blockAtRequest(1, 'instances/beta');
    const { code } = await stage.fleet('apply', '--yes', '--out', 'out', '--only', 'beta');
    expect([code, written()]).toEqual([1, []]);
  });

  it.each(['plan', 'apply'])(
    'such as the whole folder being deleted in mid-run (%s) is reported, and no document looks complete',
    async (verb) => {
      const [alpha, beta] = ['alpha', 'beta'].map((name) => stage.sandboxes.get(name));
      const remove = (): void => rmSync(join(stage.folder, 'out'), { recursive: true });
      if (verb === 'apply') alpha?.onWrite(remove);
      else beta?.after(3, remove);
      const yes = verb === 'apply' ? ['--yes'] : [];
      const { code, stdout, stderr } = await stage.fleet(verb, ...yes, '--out', 'out', '--at-once', '1');
      expect(stderr.match(/^warning: \S*fleet\.json\S* could not be written .*$/gmu)).toEqual([
        `warning: out/fleet.jsonl could not be written (${LOST})`,
        `warning: out/fleet.json could not be written (${LOST})`,
      ]);
      expect(stderr).toContain(`warning: the documents of alpha`);
      expect(existsSync(join(stage.folder, 'out/fleet.json'))).toBe(false);
      // What the folder would be needed for is not offered.
      expect(`${stdout}${stderr}`).not.toContain('--failed-from');
      // No write is sent that nothing records.
      expect([code, written()]).toEqual(verb === 'apply' ? [5, ['alpha']] : [1, []]);
    },
  );

  it('such as its plan being deleted later leaves the row without a document', async () => {
    stage.sandboxes.get('gamma')?.after(1, () => rmSync(join(stage.folder, 'out/instances/alpha/plan.json')));
    const { code, stderr } = await stage.fleet('plan', '--out', 'out', '--at-once', '1');
    expect(stderr).toContain(`warning: the documents of alpha in out could not be written (${LOST})`);
    const { rows } = await stage.document('out');
    expect(rows.map(({ document }) => document)).toEqual([
      null,
      'instances/beta/plan.json',
      'instances/gamma/plan.json',
    ]);
    expect(code).toBe(1);
  });

  it('leaves the hint at what failed to runs that wrote their document', async () => {
    blockAtRequest(1, 'instances/beta');
    const { stderr } = await stage.fleet('plan', '--out', 'out');
    expect(stderr).toContain(
      'To repeat only the instances that failed or did not start: --failed-from out\n',
    );
    expect((await stage.fleet('plan', '--out', 'next', '--failed-from', 'out')).code).toBe(0);
  });

  it('after an apply leaves a correct row, and stderr names the missing files', async () => {
    stage.sandboxes.get('beta')?.onWrite(() => block('instances/beta/outcome.json', 'folder'));
    const { code, stderr } = await stage.fleet('apply', '--yes', '--out', 'out');
    const document = await stage.document('out');
    expect(statuses(document)).toEqual(['alpha done', 'beta done', 'gamma done']);
    expect(rowOf(document, 'beta').document).toBe('instances/beta/plan.json');
    expect(stderr).toContain('warning: out/instances/beta/outcome.json could not be written');
    expect(code).toBe(0);
  });

  it('for the document of the whole run does not keep the result from being printed', async () => {
    stage.sandboxes.get('beta')?.onWrite(() => block('fleet.json', 'folder'));
    const { code, stdout, stderr } = await stage.fleet('apply', '--yes', '--out', 'out', '--format', 'json');
    expect(statuses(JSON.parse(stdout) as never)).toEqual(['alpha done', 'beta done', 'gamma done']);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('warning: out/fleet.json could not be written'),
    ]);
  });
});

describe('a document of a fleet names no path of this machine', () => {
  it('if the lock is kept elsewhere, or the journal is lost in mid-run', async () => {
    const home = join(stage.folder, 'home');
    mkdirSync(home);
    writeFileSync(join(home, '.local'), 'in the way');
    stage.sandboxes.get('beta')?.onWrite(() => {
      const runs = join(stage.folder, 'out/instances/beta/run/runs');
      for (const run of readdirSync(runs)) rmSync(join(runs, run, 'journal.jsonl'));
    });
    const flags = ['--yes', '--out', 'out'];
    const { code, stderr } = await stage.fleetIn({ env: { HOME: home } }, 'apply', ...flags);
    expect([code, statuses(await stage.document('out'))]).toEqual([
      5,
      ['alpha done', 'beta incomplete', 'gamma done'],
    ]);
    expect(stderr).toMatch(/^warning: out\/instances\/beta\/run\/runs\/\S+\/journal\.jsonl could not/mu);
    expect(rowOf(await stage.document('out'), 'beta').because).toMatch(
      /^the journal cannot be written: instances\/beta\/run\/runs\/\S+\/journal\.jsonl cannot be used/u,
    );
    const files = await filesBelow(join(stage.folder, 'out'));
    const texts = [...files].filter(([path]) => path.endsWith('outcome.json') || path === 'fleet.json');
    expect(texts.map(([path]) => path)).toHaveLength(7);
    for (const [path, { text }] of texts) expect([path, text.includes(stage.folder)]).toEqual([path, false]);
    expect(files.get('instances/alpha/outcome.json')?.text).toContain(
      '.local/state cannot be used: the folder cannot be created (ENOTDIR); the lock is kept in instances/alpha/run/locks',
    );
    expect(files.get('instances/beta/outcome.json')?.text).toContain('journal.jsonl could not be completed');
  });
});
