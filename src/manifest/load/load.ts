import type { Catalogue } from '../../model/grant.js';
import { inFileOrder } from '../../model/in-file-order.js';
import { overridesOf, type PolicyFile } from '../../model/policy-overlay.js';
import type { ProblemCode } from '../../problem/codes.js';
import { ProblemError, type Problem } from '../../problem/problem.js';
import { buildPolicy } from '../build/build-manifest.js';
import type { ManifestDraft } from '../draft/draft.js';
import { readDraft, readPolicy } from '../draft/read-draft.js';
import type { LoadedFiles } from '../files/loaded-files.js';
import { grantsByTitle } from '../form/grant-titles.js';
import { mergeFiles } from '../layers/merge.js';
import type { LoadedManifest, ManifestFile } from '../manifest.js';
import { withMembersFiles } from '../members/load-members.js';
import { mergePolicyFile, keepsDefaultProtection } from '../policy/merge-policy.js';
import { openPolicy, type OpenedPolicy } from '../policy/open-policy.js';
import { checkDraftAgainst } from '../rules/against-catalogue.js';
import { checkDraft } from '../rules/check.js';
import { valueOf, type YamlMap } from '../yaml/yaml-values.js';
import { loadFiles } from './load-files.js';
import { openLoaded } from './loaded-manifest.js';
import { loadSharedFiles, type ManifestCache } from './manifest-cache.js';

/** Options of loading a manifest. */
export interface LoadOptions {
  /** The working directory: paths are relative to it, and it may contain bases. */
  cwd: string;
  /** If given, grants are checked too. */
  catalogue?: Catalogue;
  /** A policy file to apply to the manifest's own policy: a path, or `REV:PATH` from git. */
  policy?: string | undefined;
  /** Keys to merge over the manifest: a part of another file. */
  overlay?: OverlayLayer | undefined;
  /** A cache for many manifests that are loaded with the same other options. */
  cache?: ManifestCache | undefined;
  /** Folders that may contain bases, in addition to `cwd` and the git repository. */
  folders?: readonly string[] | undefined;
}

/** An overlay that is part of another file. */
export interface OverlayLayer {
  root: YamlMap;
  /** The file, named as in places, and its path: paths in the overlay are relative to it. */
  file: ManifestFile;
  path: string;
  text: string;
  /** Problems of its form. */
  problems: readonly Problem[];
}

/** The result of `validate`. */
export interface Validation {
  /** Errors and warnings in file order. */
  problems: readonly Problem[];
  /** Null when there is an error. */
  manifest: LoadedManifest | null;
  /** The files read, in order, including members files. */
  files: readonly ManifestFile[];
  /** The texts of manifests and policy files by name as in places, for code frames. */
  sources: ReadonlyMap<string, string>;
  /** The policy file and its changes; null without one, or if it cannot be used. */
  policyFile: PolicyFile | null;
  /** Every file that was read: outputs must not overwrite them. */
  inputs: readonly string[];
}

/** Codes of problems that report a missing lower layer. */
const ABOUT_BELOW: ReadonlySet<ProblemCode> = new Set([
  'inherit-nothing',
  'unmanaged-no-effect',
  'unknown-grant-set',
  'remove-no-effect',
  'no-return',
  'rule-unknown-name',
]);

/**
 * Reads and checks all files of a manifest and reports every problem at once. Without paths, the
 * manifest is `domo-roles.yaml` or `domo-roles/`. Never throws because of a file's content.
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
  const root = policy?.read.root ? mergePolicyFile(own, policy.read.root) : own;
  const draft = await draftOf({ own, root, policy: policy?.read.root ?? null }, collection, cache);
  const against = options.catalogue ? checkDraftAgainst(draft, { catalogue: options.catalogue }) : [];
  // A base that could not be read may have what seems to be missing.
  const checked = [...merging, ...checkDraft(draft, cache?.checked)].filter(
    ({ code }) => !collection.lacksBase || !ABOUT_BELOW.has(code),
  );
  const problems = [...collection.problems, ...checked, ...against];
  const all = sorted(collection, withoutRepeats(problems));
  const isWrong = all.some(({ severity }) => severity === 'error');
  const policyFile = policyFileOf(own, policy);
  const manifest = isWrong ? null : openLoaded(draft, root, { collection, warnings: all, policyFile });
  // At this point, members files have been read too.
  return { ...found, inputs: inputsOf(collection, policy), problems: all, manifest, policyFile };
}

/** Adds the file of an overlay to the collection, which members files and places refer to. */
function addOverlay(collection: LoadedFiles, { file, path, text, problems }: OverlayLayer): void {
  collection.files.push(file);
  collection.paths.set(file.path, path);
  collection.sources.set(file.path, text);
  collection.problems.push(...problems);
}

function inputsOf({ files, passedOver }: LoadedFiles, policy: OpenedPolicy | null): string[] {
  const read = policy?.read.source;
  return [...files.map(({ path }) => path), ...passedOver, ...(read?.commit === null ? [read.path] : [])];
}

/** A manifest alone, and with the policy file applied. */
interface Roots {
  own: YamlMap;
  root: YamlMap;
  policy: YamlMap | null;
}

/** Merges the manifest and the policy file into one draft, for the rules. Each value keeps its place. */
async function draftOf(
  { own, root, policy }: Roots,
  collection: LoadedFiles,
  cache: ManifestCache | undefined,
): Promise<ManifestDraft> {
  // All others are bases.
  const given = [...collection.given.map(({ file }) => file), root.at.file];
  const whole = collection.problems.every(({ severity }) => severity !== 'error');
  const plain = readDraft(root, { whole, given: policy ? [...given, policy.at.file] : given });
  const draft = await withMembersFiles(plain, collection, cache?.members);
  if (!policy || !keepsDefaultProtection(own, policy)) return draft;
  return { ...draft, policy: { ...draft.policy, besidesDefaults: true } };
}

/** Removes the policy file's own problems, which the merged draft reports again. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Map(
    problems.map((one) => [JSON.stringify([one.code, one.message, one.where ?? null]), one]),
  );
  return [...seen.values()];
}

/** Loads a manifest. Raises `ProblemError` with every problem if it is not valid. */
export async function loadManifest(paths: readonly string[], options: LoadOptions): Promise<LoadedManifest> {
  const { manifest, problems } = await validateManifest(paths, options);
  if (!manifest) throw new ProblemError(problems);
  return manifest;
}

/** The policy file in the form of documents; null without one. */
function policyFileOf(own: YamlMap, policy: OpenedPolicy | null): PolicyFile | null {
  const overlay = policy?.read.overlay;
  if (!overlay || !policy.origin) return null;
  const below = buildPolicy(readPolicy(valueOf(own, 'policy')));
  return { ...policy.origin, overrides: overridesOf(below, overlay) };
}

function sorted(collection: LoadedFiles, problems: readonly Problem[]): Problem[] {
  return inFileOrder(
    problems,
    collection.files.map(({ path }) => path),
  );
}
