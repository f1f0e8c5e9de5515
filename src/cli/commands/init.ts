import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ProblemError, problem } from '../../problem/problem.js';
import { ciWorkflow, exampleManifest, ignoreFile } from '../../export/example.js';
import { exportInstance } from '../../reconcile/export-instance.js';
import { shellPath, shellWord } from '../../render/format/shell-word.js';
import { withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { SHARED, deliver, print, reportUnwritten } from '../../shell/deliver.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { isOwnLink } from '../../shell/file-identity.js';
import { planOutputs } from '../../shell/ledger.js';
import { refuseToOverwrite } from '../../shell/overwrite.js';
import { namesTarget } from '../../shell/target.js';
import { refuseUnused } from '../../shell/unused-flags.js';
import type { Environment } from '../../shell/environment.js';
import { systemCodeOf } from '../../problem/system-error.js';

interface InitFlags extends ConnectFlags {
  folder: string;
  force?: boolean | undefined;
}

/** `init`: a first manifest (from the live instance, or an example), a CI workflow, an ignore file. */
export async function init(flags: InitFlags, environment: Environment): Promise<Exit> {
  const fromLive = await namesTarget(flags, environment);
  if (!fromLive) refuseFlagsOfExample(flags);
  const example = exampleManifest();
  // An export has the same file names as the example, so existing files are found before the first request.
  const paths = [...example, ciWorkflow()].map(({ path }) => `${flags.folder}/${path}`);
  await planOutputs(
    environment,
    paths.map((file) => ({ by: 'init', file })),
  );
  await refuseToOverwrite(environment, paths, flags.force);
  const files = [
    ...(fromLive
      ? await withConnection({ flags, environment, purpose: 'read' }, (live) => exportInstance(live))
      : example),
    ciWorkflow(),
  ];
  const written: string[] = [];
  for (const { path, text } of files)
    if (await deliver(environment, { file: `${flags.folder}/${path}`, text, mode: SHARED }))
      written.push(path);
  const ignore = ignoreFile();
  if (await addLines(environment, `${flags.folder}/${ignore.path}`, ignore.text)) written.push(ignore.path);
  const next = environment.ledger.incomplete
    ? `${written.length === 0 ? '' : '\n'}Incomplete: some files could not be written.\n`
    : `\n${nextCommands(flags, { fromLive, cwd: environment.cwd })}\n`;
  await print(environment, `${written.map((path) => `wrote ${path}\n`).join('')}${next}`);
  return EXIT.done;
}

/** Raises `usage` for a credential if no instance is named: the example is written without one. */
function refuseFlagsOfExample(flags: InitFlags): void {
  refuseUnused(flags, ['tokenFile'], (flag) => ({
    message: `${flag} needs an instance, and none was named`,
    hint: `add --instance NAME to export what is live, or leave out ${flag} for an example`,
  }));
}

/** The commands to run next, from the folder where this one was run. */
function nextCommands(flags: InitFlags, { fromLive, cwd }: { fromLive: boolean; cwd: string }): string {
  const isHere = resolve(cwd, flags.folder) === resolve(cwd);
  const manifest = isHere ? '' : ` ${shellPath(join(flags.folder, exampleManifest()[0]?.path ?? ''))}`;
  return `Next: domo-roles validate${manifest}, then domo-roles plan${manifest}${targetFlags(flags, fromLive)}`;
}

/** The target flags for the next command; a target in the environment need not be repeated. */
function targetFlags({ sandbox, instance, baseUrl, tokenFile }: InitFlags, fromLive: boolean): string {
  if (sandbox !== undefined || !fromLive) return sandbox ? ` --sandbox ${shellPath(sandbox)}` : ' --sandbox';
  return [
    instance === undefined ? '' : ` --instance ${shellWord(instance)}`,
    baseUrl === undefined ? '' : ` --base-url ${shellWord(baseUrl)}`,
    tokenFile === undefined ? '' : ` --token-file ${shellPath(tokenFile)}`,
  ].join('');
}

/** Adds missing lines to an ignore file; existing lines stay. Returns whether the file was written. */
async function addLines(environment: Environment, file: string, text: string): Promise<boolean> {
  const before = await linesIn(environment, file);
  if (before === null) return false;
  const have = new Set(before.split(/\r?\n/u));
  const missing = text.split('\n').filter((line) => line !== '' && !have.has(line));
  if (missing.length === 0) return false;
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  return deliver(environment, { file, text: `${before}${gap}${missing.join('\n')}\n`, mode: SHARED });
}

/** Reads a file; empty if it does not exist. Null if it cannot be read: writing it would lose its lines. */
async function linesIn(environment: Environment, file: string): Promise<string | null> {
  try {
    const path = resolve(environment.cwd, file);
    // Its lines would be copied into a file that everyone can read.
    if (await isOwnLink(path))
      throw new ProblemError(problem('bad-file', 'it is a link', { where: { file } }));
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    await reportUnwritten(environment, file, error);
    return null;
  }
}
