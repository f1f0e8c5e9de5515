import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { quotedName } from '../model/names.js';
import type { ProblemCode } from '../problem/codes.js';
import { problem, type Problem } from '../problem/problem.js';
import { inFileOrder } from '../manifest/check.js';
import { looksLikeManifest, startOf, wrongKind } from '../manifest/document-kind.js';
import { inventoryPlaceForm } from '../manifest/expected-values.js';
import { withoutExtensions } from '../manifest/extension-keys.js';
import type { ManifestFile } from '../manifest/manifest.js';
import { parseManifest } from '../manifest/parse.js';
import { displayPath, openPath, realPathOrSame, repositoryOf } from '../manifest/paths.js';
import { readText, type Unreadable } from '../manifest/read.js';
import type { YamlMap } from '../manifest/yaml-values.js';
import { checkInventoryForm } from './check-form.js';
import type { InventoryForm } from './check-form.js';
import { buildInventory } from './build-inventory.js';
import type { DraftEntry, DraftTable, InventoryDraft } from './draft.js';
import type { FleetEntry, Inventory } from './inventory.js';
import { readInventoryDraft } from './read-draft.js';
import { readInstanceTable } from './table.js';

/** Options of `loadInventory`. */
export interface LoadInventoryOptions {
  /** Working directory that paths are relative to. */
  cwd: string;
  /** ISO 8601: decides whether a suspension has ended. */
  now: string;
}

/** The result of loading an inventory. */
export interface LoadedInventory {
  /** Errors and warnings, in file order. */
  problems: readonly Problem[];
  /** Null if there is an error. */
  inventory: Inventory | null;
  /** The files that were read, in order. */
  files: readonly ManifestFile[];
  /** Texts for code frames: of the inventory, never of its tables, which may hold any data. */
  sources: ReadonlyMap<string, string>;
}

/** The state of loading an inventory. */
interface Reading {
  cwd: string;
  folder: string;
  /** Folders that may hold tables and manifests. */
  within: readonly string[];
  files: ManifestFile[];
  problems: Problem[];
}

/** Loads an inventory and its tables, and reports every problem at once. Never throws for the content of a file. */
export async function loadInventory(
  file: string,
  { cwd, now }: LoadInventoryOptions,
): Promise<LoadedInventory> {
  const path = resolve(cwd, file);
  const real = await realPathOrSame(path);
  const name = displayPath(path, cwd);
  const content = await readText(real);
  if (typeof content === 'string') return failedLoad(unreadable(content, name));
  const { root, problems, overlays } = await parseInventory(content.text, name);
  const sources = root ? new Map([[name, content.text]]) : new Map<string, string>();
  const folder = dirname(path);
  const repository = await repositoryOf(dirname(real));
  const within = repository === null ? [folder, dirname(real), cwd] : [repository];
  const reading: Reading = {
    cwd,
    folder,
    within: await Promise.all(within.map(realPathOrSame)),
    files: [{ path: name, digest: content.digest }],
    problems: [...problems],
  };
  if (!root) return { problems: reading.problems, inventory: null, files: reading.files, sources };
  const draft = readInventoryDraft(withoutExtensions(root, inventoryPlaceForm));
  const rows = await readTables(draft.tables, reading);
  const built = buildInventory(draft, rows, now);
  const isComplete = reading.problems.every(({ severity }) => severity !== 'error');
  // Invalid entries are left out, so an empty fleet or wave may be a consequence of other problems.
  const found = isComplete ? built.problems : built.problems.filter(({ code }) => !ABOUT_ABSENCE.has(code));
  const own = [...reading.problems, ...found, ...(await outsideManifests(built.entries, reading))];
  const isWrong = own.some(({ severity }) => severity === 'error');
  // Problems of overlays are reported with the manifests of their entries, if there is an inventory.
  const all = inFileOrder(
    isWrong ? [...own, ...[...overlays.values()].flat()] : own,
    reading.files.map((one) => one.path),
  );
  const inventory = isWrong
    ? null
    : inventoryOf(draft, built, { ...reading, name, text: content.text, warnings: all, overlays });
  return { problems: limited(all), inventory, files: reading.files, sources };
}

function inventoryOf(
  draft: InventoryDraft,
  { entries, waves, policy }: ReturnType<typeof buildInventory>,
  {
    name,
    text,
    folder,
    cwd,
    files,
    warnings,
    overlays,
  }: Pick<Reading, 'folder' | 'files' | 'cwd'> & {
    name: string;
    text: string;
    warnings: Problem[];
    overlays: InventoryForm['overlays'];
  },
): Inventory {
  return {
    name: draft.name?.value ?? 'fleet',
    file: name,
    text,
    folder,
    digest: digestOf({ files, folder, cwd }),
    entries,
    waves,
    policy,
    manifest: draft.manifest?.value ?? null,
    files,
    warnings,
    overlayProblems: overlays,
  };
}

async function parseInventory(
  text: string,
  file: string,
): Promise<{ root: YamlMap | null; problems: readonly Problem[]; overlays: InventoryForm['overlays'] }> {
  const parsed = await parseManifest(text, file);
  const map = parsed.root?.kind === 'map' ? parsed.root : null;
  if (!looksLikeManifest(text, map) && !map?.entries.has('instances')) {
    const message = 'this file is not an inventory: it has no apiVersion';
    const hint = 'an inventory starts with apiVersion: domo-roles/v1 and kind: Fleet';
    return onlyProblem(problem('missing-key', message, { where: startOf(file), hint }));
  }
  const wrong = map && wrongKind(map, 'Fleet');
  if (wrong) return onlyProblem(wrong);
  const form = parsed.root ? checkInventoryForm(parsed.root) : { problems: [], overlays: new Map() };
  return { root: map, problems: [...parsed.problems, ...form.problems], overlays: form.overlays };
}

function onlyProblem(one: Problem) {
  return { root: null, problems: [one], overlays: new Map<string, Problem[]>() };
}

async function readTables(tables: readonly DraftTable[], reading: Reading): Promise<DraftEntry[]> {
  const rows: DraftEntry[] = [];
  for (const table of tables) rows.push(...(await readTable(table, reading)));
  return rows;
}

async function readTable(table: DraftTable, reading: Reading): Promise<readonly DraftEntry[]> {
  const { value, at } = table.file;
  const report = (code: 'path-outside' | 'instance-table', message: string, hint: string): [] => {
    reading.problems.push(problem(code, message, { where: at, hint }));
    return [];
  };
  const target = await openPath(value, reading.folder, reading.within);
  const name = quotedName(value);
  if (target === 'outside')
    return report(
      'path-outside',
      `the table ${name} is outside the repository`,
      'keep it in the folder of the inventory, or in its git repository',
    );
  if (target === 'missing')
    return report(
      'instance-table',
      `the table ${name} does not exist`,
      'a path is relative to the inventory',
    );
  const content = await readText(target.real);
  if (typeof content === 'string')
    return report(
      'instance-table',
      `the table ${name} cannot be used: ${UNREADABLE_TEXT[content]}`,
      'make it a UTF-8 text file',
    );
  const file = displayPath(target.path, reading.cwd);
  reading.files.push({ path: file, digest: content.digest });
  const read = readInstanceTable(content.text, file, table);
  reading.problems.push(...read.problems);
  return read.rows;
}

/** Returns the problems of manifests outside the repository. Missing manifests are reported when they are loaded. */
async function outsideManifests(
  entries: readonly FleetEntry[],
  { folder, within }: Reading,
): Promise<Problem[]> {
  const isOutside = new Map<string, Promise<boolean>>();
  for (const { manifest } of entries) {
    const { value } = manifest;
    if (!isOutside.has(value))
      isOutside.set(
        value,
        openPath(value, folder, within).then((target) => target === 'outside'),
      );
  }
  const outside = new Map<string, Problem>();
  for (const { manifest } of entries) {
    const { value, at } = manifest;
    if (!(await isOutside.get(value))) continue;
    const message = `the manifest ${quotedName(value)} is outside the repository`;
    const hint = 'keep it in the git repository of the inventory, or in its folder if there is no repository';
    outside.set(JSON.stringify([value, at]), problem('path-outside', message, { where: at, hint }));
  }
  return [...outside.values()];
}

/** Maximum number of problems that are reported; the rest is counted. */
const MAX_REPORTED = 1000;

function limited(problems: readonly Problem[]): readonly Problem[] {
  const next = problems[MAX_REPORTED];
  if (!next) return problems;
  const message = `there are ${problems.length - MAX_REPORTED} more problems in this inventory`;
  return [...problems.slice(0, MAX_REPORTED), problem('bad-value', message, { where: next.where ?? null })];
}

/** Problems about something that the inventory does not have. */
const ABOUT_ABSENCE: ReadonlySet<ProblemCode> = new Set(['empty-fleet', 'empty-wave']);

/** Why a file cannot be used, as the end of a sentence. */
const UNREADABLE_TEXT: Readonly<Record<Unreadable, string>> = {
  missing: 'it does not exist',
  'not-a-file': 'it is not a file',
  'too-large': 'it is larger than 10 MB',
  'not-utf-8': 'it is not UTF-8',
  unreadable: 'it cannot be read',
};

function unreadable(why: Unreadable, name: string): Problem {
  const code = why === 'missing' ? 'inventory-not-found' : 'bad-file';
  return problem(code, `the inventory ${quotedName(name)} cannot be used: ${UNREADABLE_TEXT[why]}`, {
    where: { file: name },
    hint: why === 'missing' ? 'name the inventory: domo-roles fleet VERB fleet.yaml' : null,
  });
}

function failedLoad(one: Problem): LoadedInventory {
  return { problems: [one], inventory: null, files: [], sources: new Map() };
}

/** Returns the digest of all files of the inventory. It does not depend on the working directory. */
function digestOf({ files, folder, cwd }: Pick<Reading, 'files' | 'folder' | 'cwd'>): string {
  const hash = createHash('sha256');
  for (const { path, digest } of files)
    hash.update(`${JSON.stringify(displayPath(resolve(cwd, path), folder))} ${digest}\n`);
  return `sha256:${hash.digest('hex')}`;
}
