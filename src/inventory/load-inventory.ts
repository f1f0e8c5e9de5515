import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { quotedName } from '../model/quoted-name.js';
import type { ProblemCode } from '../problem/codes.js';
import { problem, type Problem } from '../problem/problem.js';
import { looksLikeManifest, wrongKind } from '../manifest/form/document-kind.js';
import { inventoryPlaceForm } from '../manifest/form/place-form.js';
import { withoutExtensions } from '../manifest/form/extension-keys.js';
import type { ManifestFile } from '../manifest/manifest.js';
import { readYaml } from '../manifest/yaml/read-yaml.js';
import { HIDDEN_HINT, displayPath, openPath, realPathOrSame, repositoryOf } from '../manifest/files/paths.js';
import { readText, type Unreadable } from '../manifest/files/read-text.js';
import { type YamlMap, startOfFile } from '../manifest/yaml/yaml-values.js';
import { inFileOrder } from '../model/in-file-order.js';
import { checkInventoryForm } from './check-form.js';
import type { InventoryForm } from './check-form.js';
import { buildInventory, type BuiltInventory } from './build-inventory.js';
import type { DraftEntry, InventoryDraft } from './draft.js';
import type { FleetEntry, Inventory } from './inventory.js';
import { readInventoryDraft } from './read-draft.js';
import { readTables, UNREADABLE_TEXT, type Reading } from './read-tables.js';
import { resolvableEntries } from './resolvable-entries.js';

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
  /**
   * If there is an error: the inventory with only those entries whose manifest is known, to check their manifests in
   * the same pass. Its `warnings` are all problems but those of the overlays of these entries. Null if no entry is
   * known.
   */
  partial: Inventory | null;
  /** The files that were read, in order. */
  files: readonly ManifestFile[];
  /** Texts for code frames: of the inventory, never of its tables, which may hold any data. */
  sources: ReadonlyMap<string, string>;
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
  const { root, ...form } = await parseInventory(content.text, name);
  const reading: Reading = {
    cwd,
    folder: dirname(path),
    within: await foldersAround(path, real, cwd),
    files: [{ path: name, digest: content.digest }],
    problems: [...form.problems],
    inDoubt: 'none',
  };
  const { files } = reading;
  if (!root) return { problems: reading.problems, inventory: null, partial: null, files, sources: new Map() };
  const draft = readInventoryDraft(withoutExtensions(root, inventoryPlaceForm));
  const rows = await readTables(draft.tables, reading);
  const built = buildInventory(draft, rows, now);
  const judged = await judge({ form, draft, rows, built, name, text: content.text }, reading);
  return { ...judged, files, sources: new Map([[name, content.text]]) };
}

/**
 * The folders that may hold tables and manifests: the repository, or else that of the inventory and the working
 * directory.
 */
async function foldersAround(path: string, real: string, cwd: string): Promise<string[]> {
  const repository = await repositoryOf(dirname(real));
  const folders = repository === null ? [dirname(path), dirname(real), cwd] : [repository];
  return Promise.all(folders.map(realPathOrSame));
}

/** An inventory that was read completely. */
interface ReadInventory {
  form: InventoryForm;
  draft: InventoryDraft;
  rows: readonly DraftEntry[];
  built: BuiltInventory;
  name: string;
  text: string;
}

/** Collects all problems, and returns the inventory, or what is known of an invalid one. */
async function judge(
  { form, rows, ...read }: ReadInventory,
  reading: Reading,
): Promise<Pick<LoadedInventory, 'problems' | 'inventory' | 'partial'>> {
  const { draft, built } = read;
  const { overlays, unclear } = form;
  const isComplete = reading.problems.every(({ severity }) => severity !== 'error');
  // Invalid entries are left out, so an empty fleet or wave may be a consequence of other problems.
  const found = isComplete ? built.problems : built.problems.filter(({ code }) => !ABOUT_ABSENCE.has(code));
  const outside = await outsideManifests(built.resolvable, reading);
  const own = [...reading.problems, ...found, ...outside.problems];
  const facts = { ...reading, ...read, overlays };
  const paths = reading.files.map(({ path }) => path);
  if (own.every(({ severity }) => severity !== 'error')) {
    // Problems of overlays are reported with the manifests of their entries.
    const warnings = inFileOrder(own, paths);
    const inventory = inventoryOf(built.entries, { ...facts, warnings });
    return { problems: limited(warnings), inventory, partial: null };
  }
  const open = { ...reading, draft, rows, unclear, outside: outside.paths };
  const known = resolvableEntries(built.resolvable, open);
  const names = new Set(known.map((entry) => entry.name));
  const others = [...overlays].flatMap(([entry, list]) => (names.has(entry) ? [] : list));
  const warnings = limited(inFileOrder([...own, ...others], paths));
  return {
    problems: limited(inFileOrder([...own, ...[...overlays.values()].flat()], paths)),
    inventory: null,
    partial: known.length > 0 ? inventoryOf(known, { ...facts, warnings }) : null,
  };
}

/** What an inventory is made of. */
interface InventoryFacts extends Pick<Reading, 'folder' | 'files' | 'cwd'> {
  draft: InventoryDraft;
  built: BuiltInventory;
  name: string;
  text: string;
  warnings: readonly Problem[];
  overlays: InventoryForm['overlays'];
}

function inventoryOf(
  entries: readonly FleetEntry[],
  { draft, built, name, text, folder, cwd, files, warnings, overlays }: InventoryFacts,
): Inventory {
  return {
    name: draft.name?.value ?? 'fleet',
    file: name,
    text,
    folder,
    digest: digestOf({ files, folder, cwd }),
    entries,
    waves: built.waves,
    policy: built.policy,
    manifest: draft.manifest?.value ?? null,
    files,
    warnings,
    overlayProblems: overlays,
  };
}

async function parseInventory(text: string, file: string): Promise<InventoryForm & { root: YamlMap | null }> {
  const parsed = await readYaml(text, file);
  const map = parsed.root?.kind === 'map' ? parsed.root : null;
  if (!looksLikeManifest(text, map) && !map?.entries.has('instances')) {
    const message = 'this file is not an inventory: it has no apiVersion';
    const hint = 'an inventory starts with apiVersion: domo-roles/v1 and kind: Fleet';
    return onlyProblem(problem('missing-key', message, { where: startOfFile(file), hint }));
  }
  const wrong = map && wrongKind(map, 'Fleet');
  if (wrong) return onlyProblem(wrong);
  const form = parsed.root ? checkInventoryForm(parsed.root) : NO_FORM;
  return { ...form, root: map, problems: [...parsed.problems, ...form.problems] };
}

const NO_FORM: InventoryForm = { problems: [], overlays: new Map(), unclear: new Set() };

function onlyProblem(one: Problem): InventoryForm & { root: null } {
  return { ...NO_FORM, root: null, problems: [one] };
}

/**
 * Returns manifests outside the repository, and their problems. Missing manifests are reported when they are loaded.
 */
async function outsideManifests(
  entries: readonly FleetEntry[],
  { folder, within }: Reading,
): Promise<{ paths: ReadonlySet<string>; problems: Problem[] }> {
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
  const paths = new Set<string>();
  for (const { manifest } of entries) {
    const { value, at } = manifest;
    if (!(await isOutside.get(value))) continue;
    paths.add(value);
    const message = `the manifest ${quotedName(value)} is outside the repository`;
    const hint = 'keep it in the git repository of the inventory, or in its folder if there is no repository';
    outside.set(JSON.stringify([value, at]), problem('path-outside', message, { where: at, hint }));
  }
  return { paths, problems: [...outside.values()] };
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

/** What to do about an inventory that could not be read. */
const INVENTORY_HINTS: Readonly<Partial<Record<Unreadable, string>>> = {
  missing: 'specify the inventory: domo-roles fleet VERB fleet.yaml',
  unreadable: HIDDEN_HINT,
};

function unreadable(why: Unreadable, name: string): Problem {
  const code = why === 'missing' ? 'inventory-not-found' : 'bad-file';
  return problem(code, `the inventory ${quotedName(name)} cannot be used: ${UNREADABLE_TEXT[why]}`, {
    where: { file: name },
    hint: INVENTORY_HINTS[why] ?? null,
  });
}

function failedLoad(one: Problem): LoadedInventory {
  return { problems: [one], inventory: null, partial: null, files: [], sources: new Map() };
}

/** Returns the digest of all files of the inventory. It does not depend on the working directory. */
function digestOf({ files, folder, cwd }: Pick<Reading, 'files' | 'folder' | 'cwd'>): string {
  const hash = createHash('sha256');
  for (const { path, digest } of files)
    hash.update(`${JSON.stringify(displayPath(resolve(cwd, path), folder))} ${digest}\n`);
  return `sha256:${hash.digest('hex')}`;
}
