import type { Catalogue, Grant } from '../model/grant.js';
import { overridesOf, type PolicyFile } from '../model/policy-overlay.js';
import type { ProblemCode } from '../problem/codes.js';
import { plainWhere, ProblemError, type Problem } from '../problem/problem.js';
import { mergeFiles } from './merge.js';
import { checkDraftAgainst, checkPresence, type CatalogueUse } from './against-catalogue.js';
import { checkDraft, inFileOrder } from './check.js';
import { loadFiles, type LoadedFiles } from './load-files.js';
import { buildManifest, compilePolicy } from './build-manifest.js';
import type { ManifestDraft } from './draft.js';
import { ownGrants } from './role-grants.js';
import { grantsByTitle } from './grant-titles.js';
import { layPolicyFile, protectsDefaults } from './lay-policy.js';
import type { LoadedManifest, ManifestFile } from './manifest.js';
import { readMembers } from './load-members.js';
import { loadSharedFiles, type ManifestCache } from './manifest-cache.js';
import { openPolicy, type OpenedPolicy } from './open-policy.js';
import { readDraft, readPolicy } from './read-draft.js';
import { baseFiles, overlaidRoles } from './overlaid.js';
import { placeOf, valueOf, type YamlMap } from './yaml-values.js';

/** How to load a manifest. */
export interface LoadOptions {
  /** Where the command was started: paths are relative to it, and bases may stand in it. */
  cwd: string;
  /** With it, grants are checked too. */
  catalogue?: Catalogue;
  /** A policy file that is laid over the manifest's own policy: a path, or `REV:PATH` from git. */
  policy?: string | undefined;
  /** Keys that are laid over the manifest; a part of another file, whose form was checked there. */
  overlay?: OverlayLayer | undefined;
  /** What was read and checked before, of many manifests that are loaded with the same other options. */
  cache?: ManifestCache | undefined;
  /** Folders that bases may stand in, beside `cwd` and the git repository. */
  folders?: readonly string[] | undefined;
}

/** An overlay that is a part of another file. */
export interface OverlayLayer {
  root: YamlMap;
  /** The file as places name it, and where it is: paths in the overlay are relative to it. */
  file: ManifestFile;
  path: string;
  text: string;
}

/** What `validate` finds out. */
export interface Validation {
  /** Errors and warnings in file order. */
  problems: readonly Problem[];
  /** Null when there is an error. */
  manifest: LoadedManifest | null;
  /** What was read, in order; members files too. */
  files: readonly ManifestFile[];
  /** The text of each file that is a manifest or a policy file, by the name that places carry: for code frames. */
  sources: ReadonlyMap<string, string>;
  /** The policy file, and what it changes; null without one, and where it cannot be used. */
  policyFile: PolicyFile | null;
  /** Every file on disk whose content was looked at: no output may land on one. */
  inputs: readonly string[];
}

/** Problems of a file that say that nothing lies below it. */
const ABOUT_BELOW: ReadonlySet<ProblemCode> = new Set(['inherit-nothing', 'unmanaged-no-effect']);

/** Drafts of loaded manifests with the files that extend nothing, for checks that come later and want places. */
const drafts = new WeakMap<LoadedManifest, { draft: ManifestDraft; base: ReadonlySet<string> }>();

/**
 * Reads and checks all files of a manifest and reports every problem at once. Without paths, the
 * manifest is `domo-roles.yaml` or `domo-roles/`. Never throws for what a file holds.
 */
export async function validateManifest(paths: readonly string[], options: LoadOptions): Promise<Validation> {
  const titles = grantsByTitle(options.catalogue);
  const { overlay, cwd, cache, folders } = options;
  const reading = { cwd, titles, folders };
  const collection = await (cache
    ? loadSharedFiles(paths, { ...reading, cache })
    : loadFiles(paths, reading));
  if (overlay) addOverlay(collection, overlay);
  const policy = await openPolicy(options.policy, collection, { cwd, titles, cache });
  const { files } = collection;
  const sources = new Map([...collection.sources, ...(policy?.read.sources ?? [])]);
  const found = { files, sources };
  if (collection.given.length === 0) {
    const problems = sorted(collection, collection.problems);
    return { ...found, inputs: inputsOf(collection, policy), problems, manifest: null, policyFile: null };
  }
  const { root: own, problems: merging } = mergeFiles(collection.given, overlay ? [overlay.root] : []);
  const root = policy?.read.root ? layPolicyFile(own, policy.read.root) : own;
  const draft = await draftOf({ own, root, policy: policy?.read.root ?? null }, collection, cache);
  const against = options.catalogue ? checkDraftAgainst(draft, { catalogue: options.catalogue }) : [];
  // What a base lacks is not known where one could not be read.
  const laying = merging.filter(({ code }) => !collection.lacksBase || !ABOUT_BELOW.has(code));
  const problems = [...collection.problems, ...laying, ...checkDraft(draft, cache?.checked), ...against];
  const all = sorted(collection, withoutRepeats(problems));
  const isWrong = all.some(({ severity }) => severity === 'error');
  const policyFile = policyFileOf(own, policy);
  const manifest = isWrong ? null : loaded(draft, root, { collection, warnings: all, policyFile });
  // Members files are read by now, too.
  return { ...found, inputs: inputsOf(collection, policy), problems: all, manifest, policyFile };
}

/** Makes the file of an overlay known to what reads members files and shows places. */
function addOverlay(collection: LoadedFiles, { file, path, text }: OverlayLayer): void {
  collection.files.push(file);
  collection.paths.set(file.path, path);
  collection.sources.set(file.path, text);
}

function inputsOf({ files, passedOver }: LoadedFiles, policy: OpenedPolicy | null): string[] {
  const read = policy?.read.source;
  return [...files.map(({ path }) => path), ...passedOver, ...(read?.commit === null ? [read.path] : [])];
}

/** A manifest by itself, and with the policy file laid over it. */
interface Roots {
  own: YamlMap;
  root: YamlMap;
  policy: YamlMap | null;
}

/** The manifest and the policy file as one draft: the rules see both, and each value has its own place. */
async function draftOf(
  { own, root, policy }: Roots,
  collection: LoadedFiles,
  cache: ManifestCache | undefined,
): Promise<ManifestDraft> {
  // All others are bases.
  const given = [...collection.given.map(({ file }) => file), root.at.file];
  const whole = collection.problems.every(({ severity }) => severity !== 'error');
  const plain = readDraft(root, whole, policy ? [...given, policy.at.file] : given);
  const draft = await readMembers(plain, collection, cache?.members);
  if (!policy || !protectsDefaults(own, policy)) return draft;
  return { ...draft, policy: { ...draft.policy, besidesDefaults: true } };
}

/** What a policy file gets wrong by itself is found once more in the manifest that it is laid over. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Map(
    problems.map((one) => [JSON.stringify([one.code, one.message, one.where ?? null]), one]),
  );
  return [...seen.values()];
}

/** Loads a manifest that is valid by itself; else raises `ProblemError` with every problem. */
export async function loadManifest(paths: readonly string[], options: LoadOptions): Promise<LoadedManifest> {
  const { manifest, problems } = await validateManifest(paths, options);
  if (!manifest) throw new ProblemError(problems);
  return manifest;
}

/**
 * Compares a loaded manifest's grants with what the instance has: unknown ones are errors, missing
 * dependencies and features that may be off are warnings. In file order. `held` are grants that live roles
 * hold: they are known even if the catalogue does not list them, and their features are on.
 */
export function checkAgainstCatalogue(
  manifest: LoadedManifest,
  catalogue: Catalogue,
  held?: ReadonlySet<Grant>,
): Problem[] {
  return compare(manifest, checkDraftAgainst, {
    catalogue,
    ...(held ? { isHeld: (grant) => held.has(grant) } : {}),
  });
}

/** The same but for missing dependencies, which a plan finds by itself: quick enough to go before every plan. */
export function checkGrantsPresent(
  manifest: LoadedManifest,
  catalogue: Catalogue,
  isHeld: (grant: Grant) => boolean,
): Problem[] {
  return compare(manifest, checkPresence, { catalogue, isHeld });
}

function compare(
  manifest: LoadedManifest,
  check: (draft: ManifestDraft, use: CatalogueUse) => Problem[],
  use: CatalogueUse,
): Problem[] {
  return inFileOrder(
    check(draftFrom(manifest).draft, use),
    manifest.manifest.files.map(({ path }) => path),
  );
}

/** The roles of a loaded manifest that are not as its base has them: a file or an overlay above it says something of them. */
export function rolesAboveBase(manifest: LoadedManifest): ReadonlySet<string> {
  const { draft, base } = draftFrom(manifest);
  return overlaidRoles(draft, base);
}

function draftFrom(manifest: LoadedManifest): { draft: ManifestDraft; base: ReadonlySet<string> } {
  const found = drafts.get(manifest);
  if (!found) throw new TypeError('this manifest was not made by loadManifest');
  return found;
}

function loaded(
  draft: ManifestDraft,
  root: YamlMap,
  rest: { collection: LoadedFiles; warnings: Problem[]; policyFile: PolicyFile | null },
): LoadedManifest {
  const { collection, warnings, policyFile } = rest;
  const manifest = buildManifest(draft, collection.files);
  const result: LoadedManifest = {
    manifest: policyFile ? { ...manifest, policyFile } : manifest,
    locate: (path) => (path.length === 0 ? draft.at : plainWhere(placeOf(root, path).at)),
    locateGrant: (role, grant) => {
      const grants = draft.roles.get(role)?.grants;
      const found = grants && ownGrants(draft, grants).find(({ value }) => value === grant);
      return found ? plainWhere(found.at) : null;
    },
    warnings,
  };
  drafts.set(result, { draft, base: baseFiles(collection.given) });
  return result;
}

/** The policy file as documents show it; null without one. */
function policyFileOf(own: YamlMap, policy: OpenedPolicy | null): PolicyFile | null {
  const overlay = policy?.read.overlay;
  if (!overlay || !policy.origin) return null;
  const below = compilePolicy(readPolicy(valueOf(own, 'policy')));
  return { ...policy.origin, overrides: overridesOf(below, overlay) };
}

function sorted(collection: LoadedFiles, problems: readonly Problem[]): Problem[] {
  return inFileOrder(
    problems,
    collection.files.map(({ path }) => path),
  );
}
