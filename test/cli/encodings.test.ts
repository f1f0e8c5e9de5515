import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { manifest, stageForFile } from './support.js';

describe('a document in another encoding', () => {
  const held = stageForFile();

  /** Every command that reads a document, with its file last. */
  const READERS = [
    ['report', 'plan.json'],
    ['apply', '--dry-run', 'plan.json'],
    ['plan', '--against', 'snapshot.json'],
    ['who-can', 'dataset.export', '--against', 'snapshot.json'],
    ['validate', '--catalogue', 'snapshot.json'],
    ['diff', 'snapshot.json', 'snapshot.json'],
  ].map((command) => ({ command, line: command.join(' '), document: command.at(-1) ?? '' }));

  beforeEach(async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', manifest('roles:\n  Finance Viewer: { description: x }\n'));
    await stage.run('plan', '--out', 'plan.json');
    await stage.run('export', '--format', 'snapshot', '--out', 'snapshot.json', '--force');
  });

  async function rewrite(document: string, encode: (text: string) => Uint8Array): Promise<void> {
    const path = join(held.stage.folder, document);
    await writeFile(path, encode(await readFile(path, 'utf8')));
  }

  it.each(READERS)('may begin with a byte order mark: $line', async ({ command, document }) => {
    const plain = await held.stage.run(...command);
    await rewrite(document, (text) => Buffer.from(`\ufeff${text}`));
    const marked = await held.stage.run(...command);
    expect([marked.code, marked.stderr]).toEqual([0, plain.stderr]);
  });

  it.each(READERS)('is named as such if it is not UTF-8: $line', async ({ command, document }) => {
    await rewrite(document, (text) => Buffer.from(`\ufeff${text}`, 'utf16le'));
    const { code, stdout, stderr } = await held.stage.run(...command);
    expect([code, stdout]).toEqual([expect.any(Number), '']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('the file is not UTF-8 text\n  hint: save it as UTF-8\n');
  });
});
