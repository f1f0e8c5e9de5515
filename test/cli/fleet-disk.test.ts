import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inventoryOf, openFleetStage, rowOf, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

let stage: FleetStage;
beforeEach(async () => {
  stage = await openFleetStage(['alpha', 'beta', 'gamma']);
});
afterEach(() => stage.close());

/** A file in the place of a folder, or a folder in the place of a file: neither can be written. */
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
    const well = { plan: 'changes', drift: 'drift', doctor: 'clean', export: 'clean' }[verb];
    expect([code, statuses(document)]).toEqual([1, [`alpha ${well}`, 'beta failed', `gamma ${well}`]]);
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

  it('after an apply leaves a correct row, and stderr names the missing files', async () => {
    stage.sandboxes.get('beta')?.onWrite(() => block('instances/beta/outcome.json', 'folder'));
    const { code, stderr } = await stage.fleet('apply', '--yes', '--out', 'out');
    const document = await stage.document('out');
    expect(statuses(document)).toEqual(['alpha done', 'beta done', 'gamma done']);
    expect(rowOf(document, 'beta').document).toBe('instances/beta/plan.json');
    expect(stderr).toContain('warning: the outcome of beta could not be written');
    expect(code).toBe(0);
  });

  it('for the document of the whole run does not keep the result from being printed', async () => {
    stage.sandboxes.get('beta')?.onWrite(() => block('fleet.json', 'folder'));
    const { code, stdout, stderr } = await stage.fleet('apply', '--yes', '--out', 'out', '--format', 'json');
    expect(statuses(JSON.parse(stdout) as never)).toEqual(['alpha done', 'beta done', 'gamma done']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('fleet.json could not be written')]);
  });
});
