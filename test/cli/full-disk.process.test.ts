import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../src/apply/outcome.js';
import { PAGE, mayMount, onSmallDisk } from '../support/small-disk.js';
import { manifest, stageForFile, writesOf } from './support.js';

const onMount = mayMount ? it : it.skip;

describe('a disk that fills up while a run is recorded', () => {
  const held = stageForFile();

  const pages = (size: number): number => Math.ceil(size / PAGE) * PAGE;

  /** Bytes of the files of an apply on a disk that is large enough. */
  async function sizes(): Promise<Record<string, number>> {
    const { stage } = held;
    await stage.write('domo-roles.yaml', LONG);
    expect((await stage.run('apply', '--yes')).code).toBe(0);
    const [run = ''] = await readdir(join(stage.folder, '.domo-roles/runs'));
    const found: Record<string, number> = {};
    for (const file of ['plan.json', 'before.json', 'journal.jsonl', 'outcome.json'])
      found[file] = (await stat(join(stage.folder, '.domo-roles/runs', run, file))).size;
    await rm(join(stage.folder, '.domo-roles'), { recursive: true });
    await stage.sandbox.reset();
    stage.sandbox.clearLog();
    return found;
  }

  /** Enough changes for a journal that is longer than a page. */
  const LONG = manifest(
    `roles:\n${Array.from({ length: 12 }, (_, index) => `  New ${index}: { grants: [dataset.export] }\n`).join('')}policy: { maxGrantChanges: 100 }\n`,
  );

  onMount('before the first write: nothing is written, and it ends with 1', async () => {
    const size = await sizes();
    for (const bytes of [PAGE, pages(size['plan.json'] ?? 0), pages(size['plan.json'] ?? 0) + 2 * PAGE])
      await onSmallDisk(bytes, async (folder) => {
        const ended = await held.stage.run(
          'apply',
          '--yes',
          '--format',
          'json',
          '--state',
          `${folder}/state`,
        );
        expect(ended.code).toBe(1);
        expect(JSON.parse(ended.stdout)).toMatchObject({ kind: 'error', problems: [{ code: 'bad-file' }] });
        expect(ended.stdout).toContain('ENOSPC');
        expect(writesOf(held.stage)).toEqual([]);
      });
  });

  onMount('in the middle: it stops, reports truthfully and ends with 5', async () => {
    const size = await sizes();
    const bytes = pages(size['plan.json'] ?? 0) + pages(size['before.json'] ?? 0) + 2 * PAGE;
    await onSmallDisk(bytes, async (folder) => {
      const { stage } = held;
      const ended = await stage.run('apply', '--yes', '--format', 'json', '--state', `${folder}/state`);
      expect(ended.code).toBe(5);
      const outcome = JSON.parse(ended.stdout) as Outcome;
      expect(outcome.summary.skipped).toBeGreaterThan(0);
      const live = stage.sandbox.state().roles.filter(({ name }) => name.startsWith('New ')).length;
      expect(live).toBeGreaterThan(0);
      expect(live).toBeLessThan(12);
      expect(JSON.stringify(outcome.changes)).toContain('the journal cannot be written');
      expect(ended.stderr).toMatch(/state\/runs\/\S+\/journal\.jsonl could not be written \(ENOSPC\)/u);
      expect(outcome.warnings.map(({ code }) => code)).toContain('journal-incomplete');
      expect(ended.stderr).not.toMatch(/\n\s+at /u);
      expect((await stage.run('apply', '--yes')).code).toBe(0);
      expect((await stage.run('plan', '--detailed-exitcode')).code).toBe(0);
    });
  });

  onMount('at the end: the exit code stays, and what is missing is named', async () => {
    const size = await sizes();
    const bytes =
      pages(size['plan.json'] ?? 0) +
      pages(size['before.json'] ?? 0) +
      pages(size['journal.jsonl'] ?? 0) +
      PAGE;
    await onSmallDisk(bytes, async (folder) => {
      const ended = await held.stage.run('apply', '--yes', '--state', `${folder}/state`);
      expect(ended.code).toBe(0);
      expect(ended.stderr).toMatch(
        /^warning: \S+state\/runs\/\S+\/outcome\.json could not be written \(ENOSPC\)\n$/u,
      );
    });
  });
});
