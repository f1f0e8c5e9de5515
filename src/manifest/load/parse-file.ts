import type { Interner } from '../../model/interner.js';
import { openRecent, type Recent } from '../../model/recent.js';
import type { Problem } from '../../problem/problem.js';
import { checkManifestForm } from '../form/check-form.js';
import { withoutExtensions } from '../form/extension-keys.js';
import type { GrantsByTitle } from '../form/grant-titles.js';
import type { Parsed } from '../yaml/parse-tree.js';
import { readYaml } from '../yaml/read-yaml.js';
import type { YamlMap } from '../yaml/yaml-values.js';

/** A parsed file. */
interface ParsedFile {
  parsed: Parsed;
  /** Its tree, if it is a map. */
  root: YamlMap | null;
  /** Checks it with the schema; the result is cached. */
  formProblems: () => readonly Problem[];
  /** The tree without `x-` keys. */
  plain: () => YamlMap | null;
}

/** Parsed files by name and content, so that a shared base is parsed once. */
export type ParseCache = Recent<Promise<ParsedFile>>;

/** The most files in the cache: memory must not grow with the number of manifests. */
const MOST_KEPT = 64;

/** Opens an empty cache. */
export function openParseCache(): ParseCache {
  return openRecent(MOST_KEPT);
}

/** Parses a file, or returns the cached result for the same name and text. */
export async function parseFile(
  { text, file, digest }: { text: string; file: string; digest: string },
  { titles, cache, share }: { titles: GrantsByTitle; cache: ParseCache | undefined; share: Interner },
): Promise<ParsedFile> {
  const parse = async (): Promise<ParsedFile> => parsedFile(await readYaml(text, file, share), titles);
  return cache ? cache.get(`${digest} ${file}`, parse) : parse();
}

function parsedFile(parsed: Parsed, titles: GrantsByTitle): ParsedFile {
  const root = parsed.root?.kind === 'map' ? parsed.root : null;
  return {
    parsed,
    root,
    formProblems: once(() => (parsed.root ? checkManifestForm(parsed.root, titles) : [])),
    plain: once(() => root && withoutExtensions(root)),
  };
}

function once<T>(work: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: work() }).value;
}
