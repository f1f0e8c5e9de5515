import { featureNames, type Catalogue, type CatalogueEntry } from '../model/grant.js';
import { knownDependencies } from '../model/known-dependencies.js';
import { isRecord } from '../model/record.js';
import { byCodeUnit, sortedUnique } from '../model/sort.js';
import { badFileError, type ProblemError } from '../problem/problem.js';

/** Keys under which documents of this program contain a catalogue. */
const HOMES = ['catalogue', 'authorities', 'answer', 'rows', 'result'] as const;

/**
 * Reads a catalogue from JSON text: a snapshot, the output of `get authorities --format json`, a list of entries, or the
 * response of Domo's API. Only the grant's name is required in an entry, because older instances omit fields. Raises
 * `bad-file` for anything else. `file` is the name in messages, which never quote the text.
 */
export function parseCatalogue(text: string, file: string): Catalogue {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    const message = text.trim() === '' ? 'the catalogue file is empty' : 'the catalogue file is not JSON';
    throw badCatalogue(file, message, cause);
  }
  const list = listIn(document);
  if (!list) throw badCatalogue(file, 'the file contains no catalogue');
  const isOlder = list.every((entry) => isRecord(entry) && (entry['dependsOnAuthorities'] ?? null) === null);
  const entries = list.map(
    (entry, index) =>
      entryOf(entry, isOlder) ??
      raise(badCatalogue(file, `entry ${index + 1} of the catalogue has no grant name`)),
  );
  if (entries.length === 0) throw badCatalogue(file, 'the catalogue is empty');
  const byName = new Map(entries.map((entry) => [entry.grant, entry]));
  return [...byName.values()].sort((a, b) => byCodeUnit(a.grant, b.grant));
}

function badCatalogue(file: string, message: string, cause?: unknown): ProblemError {
  const hint =
    'make it with get authorities --format json or export --format snapshot, or save the answer of GET /api/authorization/v1/authorities';
  return badFileError(message, { file, hint, cause });
}

function raise(error: ProblemError): never {
  throw error;
}

function listIn(document: unknown, levels = 2): readonly unknown[] | null {
  if (Array.isArray(document)) return document as unknown[];
  if (!isRecord(document) || levels === 0) return null;
  for (const key of HOMES) {
    const inside = Object.hasOwn(document, key) ? listIn(document[key], levels - 1) : null;
    if (inside) return inside;
  }
  return null;
}

function entryOf(value: unknown, isOlder: boolean): CatalogueEntry | null {
  if (!isRecord(value)) return null;
  if (isName(value['grant'])) return ownEntry(value, value['grant']);
  return isName(value['authority']) ? apiEntry(value, { grant: value['authority'], isOlder }) : null;
}

function ownEntry(value: Record<string, unknown>, grant: string): CatalogueEntry {
  return {
    grant,
    title: textOf(value['title']),
    group: textOf(value['group']),
    dependsOn: textsOf(value['dependsOn']),
    adminLevel: flagOf(value['adminLevel']),
    features: textsOf(value['features']),
  };
}

/**
 * An entry in the form of Domo's API. A grant without a title gets its name as the title, and a catalogue without
 * dependencies gets the known ones, as in live reads.
 */
function apiEntry(
  value: Record<string, unknown>,
  { grant, isOlder }: { grant: string; isOlder: boolean },
): CatalogueEntry {
  const title = textOf(value['title']).trim();
  const feature = value['dependsOnFeature'];
  return {
    grant,
    title: title === '' ? grant : title,
    group: textOf(value['authorityUIGroup']),
    dependsOn: isOlder ? knownDependencies(grant) : textsOf(value['dependsOnAuthorities']),
    adminLevel: flagOf(value['adminLevel']),
    features: Array.isArray(feature) ? textsOf(feature) : featureNames(textOf(feature)),
  };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function flagOf(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? sortedUnique(value.filter(isName)) : [];
}
