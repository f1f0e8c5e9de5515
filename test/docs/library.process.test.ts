import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { execa } from 'execa';
import ts from 'typescript';
import * as library from '../../src/index.js';
import { ROOT, blocksOf, readPage } from './pages.js';

const page = readPage('docs/reference/library.md');
const blocks = blocksOf(page);
const programs = blocks.filter(({ language }) => language === 'ts');

/** Every command, from the page that is generated from the help of the command line. */
const commands = [
  ...new Set(
    [...readPage('docs/reference/cli.md').matchAll(/^## (fleet [a-z-]+|[a-z-]+)/gmu)].map(
      (one) => one[1] ?? '',
    ),
  ),
];

/** The output of each program of the page, other than its plan or outcome. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  'plan.ts': /1 change to apply/u,
  'apply.ts': /it holds: true\nwriting 1 change\n[^]*1 done/u,
  'policy.ts': /^replaced: policy\.maxDeletes\nread: policy\.yaml$/u,
  'drift.ts': /No drift/u,
  'rollback.ts': /^1 change undone$/u,
  'questions.ts':
    /^exported domo-roles\.yaml\n1 file for another instance; email,name,id,role,account\nroles true\n\d people manage roles; the first may export data sets: true\nData Analyst holds \d+ grants\nequal without members: false\nready to plan: ready$/u,
  'probe.ts': /^true; 0 roles left, no error$/u,
  'fleet.ts': /^Fleet plan: customers[^]*\n2 instances done, exit code 0$/u,
  'fleet-verbs.ts':
    /^acme globex: 0 problems\nthe first has \d+ values\noffline: 2 with changes\ninstance,status,kind[^\n]*\n[^\n]*Fleet drift[^\n]*\ndrift 0, doctor 0\nundone: 2, exit 0$/u,
  'fleet-shards.ts': /^merged: 2 instances, exit 0$/u,
};

describe('the programs on the library page', () => {
  let folder: string;
  // Packages are resolved only from a folder below the project.
  const cache = join(ROOT, `node_modules/.cache/domo-roles-docs/library-${process.pid}`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'domo-roles-library-'));
    await mkdir(cache, { recursive: true });
    for (const { rest, text } of programs) await writeFile(join(cache, rest), text);
    for (const { rest, text } of blocks.filter(({ language }) => language === 'yaml'))
      await writeFile(join(folder, rest), text);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(cache, { recursive: true, force: true });
  });

  it('are all covered by this test', () => {
    expect(programs.map(({ rest }) => rest)).toEqual(['setup.ts', ...Object.keys(PRINTS)]);
  });

  it('are accepted by a strict compiler', () => {
    const files = programs.map(({ rest }) => join(cache, rest));
    const { NodeNext } = ts.ModuleKind;
    const program = ts.createProgram(files, {
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
      ...{ module: NodeNext, target: ts.ScriptTarget.ES2023, allowImportingTsExtensions: true },
      ...{
        noEmit: true,
        skipLibCheck: true,
        types: ['node'],
        typeRoots: [join(ROOT, 'node_modules/@types')],
      },
      paths: { 'domo-roles': [join(ROOT, 'src/index.ts')] },
    });
    const wrong = files.flatMap((file) => {
      const source = program.getSourceFile(file);
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    });
    expect(wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  }, 60_000);

  it.each(Object.entries(PRINTS))(
    'run as printed: %s',
    async (name, printed) => {
      const bundle = join(cache, `${name}.mjs`);
      await build({
        entryPoints: [join(cache, name)],
        alias: { 'domo-roles': join(ROOT, 'src/index.ts') },
        packages: 'external',
        bundle: true,
        format: 'esm',
        platform: 'node',
        target: 'node20.19',
        outfile: bundle,
        logLevel: 'error',
      });
      const ended = await execa(process.execPath, [bundle], { cwd: folder, cleanup: false, reject: false });
      expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
      expect(ended.stdout).toMatch(printed);
    },
    60_000,
  );
});

describe('the table of commands', () => {
  const rows = [...page.matchAll(/^\| `([a-z -]+)`\s*\| (.+?)\s*\|$/gmu)]
    .map(([, command = '', calls = '']) => ({
      command,
      calls: [...calls.matchAll(/`(\w+)`/gu)].map((one) => one[1]),
    }))
    .filter(({ command }) => commands.includes(command));

  it('has a row for every command, in the order of the help', () => {
    expect(rows.map(({ command }) => command).sort()).toEqual(
      commands.filter((one) => one !== 'completion' && one !== 'fleet').sort(),
    );
  });

  it.each(rows)('names existing functions of the library for $command', ({ calls }) => {
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) expect(library).toHaveProperty([call ?? ''], expect.any(Function));
  });
});
