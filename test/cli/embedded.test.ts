import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';
import { manifest, stageForFile } from './support.js';

describe('an unusable embedded instance', () => {
  const held = stageForFile();
  const run = (...argv: string[]) => runWithin(argv, { cwd: held.stage.folder });

  it.each([
    ['plan', '--sandbox', 'box'],
    ['apply', '--yes', '--sandbox', 'box'],
    ['export', '--sandbox', 'box'],
    ['doctor', '--sandbox', 'box'],
    ['sandbox', 'show', '--folder', 'box'],
    ['sandbox', 'serve', '--folder', 'box'],
  ])('is reported as a bad file with a way to fix it when it is damaged: %s %s', async (...argv) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    await held.stage.write('box/sandbox.json', '{"half":');
    const ended = await run(...argv);
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain('is damaged: it is not JSON');
    expect(ended.stderr).toContain('sandbox reset');
    expect(await readFile(join(held.stage.folder, 'box/sandbox.json'), 'utf8')).toBe('{"half":');
  });

  it.each([
    ['plan', '--sandbox', 'file/below'],
    ['sandbox', 'reset', '--folder', 'file/below'],
    ['sandbox', 'show', '--folder', 'file/below'],
    ['plan', '--sandbox', '/proc/none'],
    ['sandbox', 'reset', '--folder', '/proc/none'],
  ])('is reported as a bad file when its folder cannot be used: %s %s %s', async (...argv) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    await writeFile(join(held.stage.folder, 'file'), '');
    const ended = await run(...argv);
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(/bad-file {2}the state of the embedded instance cannot be .* \(E[A-Z]+\)/u);
    expect(ended.stderr).not.toContain('internal');
  });
});
