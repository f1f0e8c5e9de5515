import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { haveCommands } from '../support/engines.js';
import { BIN } from '../support/built.js';
import { ROOT, blocksOf, firstUntrue, pagePaths, readPage, stepsOf } from './pages.js';

/**
 * Runs every command of the README and of docs/ as a reader would: a page is a folder, its files are
 * written as the page shows them, and each `$ ` line of a console block must end with the code that the page
 * says and print the lines that it shows. What needs a real instance or another program stands in sh blocks.
 */
const pages = pagePaths().filter((path) => stepsOf(readPage(path)).some(({ kind }) => kind === 'command'));

describe('every command of a page runs and prints what the page shows', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'domo-roles-docs-'));
    await mkdir(join(folder, 'bin'));
    await cp(join(ROOT, 'examples'), join(folder, 'work/examples'), { recursive: true });
    const command = join(folder, 'bin/domo-roles');
    await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
    await chmod(command, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each(pages)(
    '%s',
    async (path) => {
      const cwd = join(folder, 'work');
      for (const step of stepsOf(readPage(path))) {
        if (step.kind === 'file') {
          await mkdir(dirname(join(cwd, step.path)), { recursive: true });
          await writeFile(join(cwd, step.path), step.text);
          continue;
        }
        if (isLacking(step.needs)) continue;
        const { exitCode, all } = await execa('bash', ['-c', step.command], {
          cwd,
          env: {
            PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
            HOME: folder,
            NO_COLOR: '1',
          },
          extendEnv: false,
          reject: false,
          stdin: 'ignore',
          all: true,
          cleanup: false,
          timeout: 60_000,
        });
        const at = { page: path, line: step.line, command: step.command };
        expect({ ...at, exit: exitCode, all }).toMatchObject({ ...at, exit: step.exit });
        expect({ ...at, missing: firstUntrue(step.shown, all) }).toEqual({ ...at, missing: null });
      }
    },
    300_000,
  );
});

/** Is another program needed that is not installed? */
function isLacking(needs: string | null): boolean {
  if (needs === null || haveCommands(needs)) return false;
  const line = `commands of the docs that need ${needs}, which is not installed`;
  if (process.env['DOMO_ROLES_ALL_TESTS'] === '1') throw new Error(line);
  process.stderr.write(`\n*** NOT TESTED: ${line}\n\n`);
  return true;
}

describe('code that cannot run in these tests', () => {
  const blocks = pagePaths().flatMap((path) => blocksOf(readPage(path)).map((block) => ({ path, ...block })));

  it('is marked by a known kind of fence', () => {
    const known = new Set(['console', 'sh', 'yaml', 'json', 'text', 'ts', 'mermaid']);
    expect(blocks.filter(({ language }) => !known.has(language))).toEqual([]);
  });

  it('uses no sandbox in sh blocks, except where it is served to other programs', () => {
    const runnable = blocks.filter(
      ({ language, text }) => language === 'sh' && /--sandbox\b/u.test(text) && !/npm |docker /u.test(text),
    );
    expect(runnable).toEqual([]);
  });
});
