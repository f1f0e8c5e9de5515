import { quotedName } from '../../model/quoted-name.js';
import { problem, type Problem } from '../../problem/problem.js';
import { entryOf, startOfFile, textOf, type YamlMap } from '../yaml/yaml-values.js';
import { incompleteFiles } from './incomplete.js';

/** Kinds of files that people write for this program. */
type DocumentKind = 'Roles' | 'Policy' | 'Fleet';

const KINDS: readonly DocumentKind[] = ['Roles', 'Policy', 'Fleet'];

/** Descriptions of each kind of file and of its use, for messages. */
const KIND_FACTS: Readonly<Record<DocumentKind, { what: string; use: string }>> = {
  Roles: { what: 'a manifest', use: 'pass it as a manifest' },
  Policy: { what: 'a policy file', use: 'pass it with --policy' },
  Fleet: { what: 'a fleet file', use: 'pass it to domo-roles fleet' },
};

/** The value of `kind`; null if it is missing or unknown. */
function kindOfDocument(root: YamlMap | null): DocumentKind | null {
  const kind = textOf(entryOf(root, 'kind')?.value);
  return KINDS.find((one) => one === kind?.value) ?? null;
}

/** Is this a file of another kind than a manifest? Checks the text if it cannot be parsed. */
export function isOtherKind(text: string, root: YamlMap | null): boolean {
  const kind = kindOfDocument(root);
  if (kind !== null) return kind !== 'Roles';
  return root === null && /^kind:\s*["']?(?:Policy|Fleet)["']?\s*(?:#.*)?$/mu.test(text);
}

/** The problem for a file of a kind other than `wanted`, or of an incomplete one; null if the kind is right or unknown. */
export function wrongKind(root: YamlMap, wanted: DocumentKind): Problem | null {
  const kind = kindOfDocument(root);
  if (kind === null) return incompleteFiles(root);
  if (kind === wanted) return null;
  const { what, use } = KIND_FACTS[kind];
  const meant = KIND_FACTS[wanted].what;
  const message = `this file is ${what} (kind: ${quotedName(kind)}), not ${meant}`;
  const where = entryOf(root, 'kind')?.value.at ?? root.at;
  return problem('bad-value', message, { where, hint: `${use}; ${meant} has kind: ${wanted}` });
}

/** The problem for a folder without a manifest among its files. */
export function noManifestAmong(files: readonly string[]): Problem {
  const message = `no file of the folder is a manifest: ${files.map(quotedName).join(', ')}`;
  const hint = 'files of kind Policy and Fleet are not read as manifests';
  return problem('manifest-not-found', message, { hint });
}

/** Is this a document of this program? It is JSON, so it could be passed as a manifest by mistake. */
function isResult(root: YamlMap): boolean {
  return ['formatVersion', 'kind'].every((key) => root.entries.has(key));
}

/** What the documents that are passed as a manifest by mistake are for. */
const RESULT_HINTS: readonly (readonly [kind: string, hint: string])[] = [
  [
    'snapshot',
    'this is a snapshot: plan, drift, who-can and can take it with --against, validate with --catalogue, and diff as one side',
  ],
  ['plan', 'this is a plan: apply applies it, and report shows it'],
  ['drift', 'this is a drift document: report shows it'],
];

function resultHint(root: YamlMap): string {
  const kind = textOf(entryOf(root, 'kind')?.value)?.value;
  const known = RESULT_HINTS.find(([name]) => name === kind);
  return known?.[1] ?? 'a manifest is a YAML file that starts with apiVersion: domo-roles/v1';
}

/** The problem for a file that is not a manifest. */
export function noManifest(file: string, root: YamlMap | null): Problem {
  const [message, hint] =
    root !== null && isResult(root)
      ? ['this file is a result of domo-roles, not a manifest', resultHint(root)]
      : [
          'this file is not a manifest: it has no apiVersion',
          'a manifest starts with apiVersion: domo-roles/v1',
        ];
  return problem('missing-key', message, { where: startOfFile(file), hint });
}

/** Does a text name our `apiVersion`? Checks the text, because it may be too broken to be parsed. */
export function namesOurVersion(text: string): boolean {
  return /(?:^|[{,\s"'])apiVersion["']?\s*:\s*["']?domo-roles\//mu.test(text);
}

/**
 * Is this meant to be a manifest? Messages never quote other files, because the path may have been chosen to reveal a
 * secret.
 */
export function looksLikeManifest(text: string, root: YamlMap | null): boolean {
  if (namesOurVersion(text)) return true;
  return (
    root !== null &&
    !isResult(root) &&
    ['apiVersion', 'roles', 'grantSets', 'defaultRole'].some((key) => root.entries.has(key))
  );
}
