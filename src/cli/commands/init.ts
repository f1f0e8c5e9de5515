import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ciWorkflow, exampleManifest, ignoreFile } from '../../export/example.js';
import { exportManifest } from '../../export/export-manifest.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { readWholeSnapshot } from '../../reconcile.js';
import { connect } from '../connect.js';
import type { ConnectFlags } from '../connect.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { writeShared } from '../output.js';
import { write } from '../world.js';
import type { World } from '../world.js';

export interface InitFlags extends ConnectFlags {
  folder: string;
  force?: boolean | undefined;
}

/** `init`: a first manifest (from the live instance, or an example), a CI workflow, an ignore file. */
export async function init(flags: InitFlags, world: World): Promise<Exit> {
  const fromLive = flags.sandbox !== undefined || flags.instance !== undefined || flags.baseUrl !== undefined;
  const manifest = fromLive ? await exported(flags, world) : exampleManifest();
  const ignore = ignoreFile();
  const files = [...manifest, ciWorkflow()];
  const there = [];
  for (const { path } of files)
    if (await stat(resolve(world.cwd, flags.folder, path)).catch(() => null)) there.push(path);
  if (there.length > 0 && flags.force !== true) {
    throw new ProblemError(
      there.map((path) =>
        problem('bad-file', 'the file is there already', {
          where: { file: path },
          hint: 'give --force to overwrite it',
        }),
      ),
    );
  }
  for (const { path, text } of files) await writeShared(world, `${flags.folder}/${path}`, text);
  await addLines(world, `${flags.folder}/${ignore.path}`, ignore.text);
  await write(
    world.stdout,
    `${[...files.map((file) => file.path), ignore.path].map((path) => `wrote ${path}`).join('\n')}\n\nNext: domo-roles validate, then domo-roles plan${fromLive ? '' : ' --sandbox'}\n`,
  );
  return EXIT.done;
}

async function exported(flags: InitFlags, world: World) {
  const connection = await connect(flags, world, 'read');
  try {
    return exportManifest(await readWholeSnapshot(connection.reader));
  } finally {
    await connection.close();
  }
}

/** An ignore file that is there keeps its lines; only missing ones are added. */
async function addLines(world: World, file: string, text: string): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  const before = await readFile(resolve(world.cwd, file), 'utf8').catch(() => '');
  const have = new Set(before.split(/\r?\n/u));
  const missing = text.split('\n').filter((line) => line !== '' && !have.has(line));
  if (missing.length === 0) return;
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  await writeShared(world, file, `${before}${gap}${missing.join('\n')}\n`);
}
