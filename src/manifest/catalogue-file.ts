import { byCodeUnit, type Catalogue, type CatalogueEntry } from '../model/grant.js';
import { problem, ProblemError } from '../problem/problem.js';

/** Keys under which documents of this program carry a catalogue. */
const HOMES = ['catalogue', 'authorities', 'answer', 'rows', 'result'] as const;

/**
 * Reads a catalogue from JSON text: a list of entries, a snapshot, or what `get authorities --format json`
 * prints. Only `grant` must be there in an entry. Raises `ProblemError` (`bad-file`) for anything else;
 * `file` is how messages call it. Nothing of the text is quoted.
 */
export function parseCatalogue(text: string, file: string): Catalogue {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new ProblemError(problem('bad-file', 'the catalogue file is not JSON', { where: { file } }), {
      cause,
    });
  }
  const list = listIn(document);
  if (!list) throw badFile(file, 'the file holds no catalogue');
  const entries = list.map(
    (entry) => entryOf(entry) ?? raise(badFile(file, 'an entry of the catalogue names no grant')),
  );
  if (entries.length === 0) throw badFile(file, 'the catalogue is empty');
  const byName = new Map(entries.map((entry) => [entry.grant, entry]));
  return [...byName.values()].sort((a, b) => byCodeUnit(a.grant, b.grant));
}

function badFile(file: string, message: string): ProblemError {
  const hint = 'make it with get authorities --format json, or export --format snapshot';
  return new ProblemError(problem('bad-file', message, { where: { file }, hint }));
}

function raise(error: ProblemError): never {
  throw error;
}

function listIn(document: unknown, levels = 2): readonly unknown[] | null {
  if (Array.isArray(document)) return document as unknown[];
  if (!isObject(document) || levels === 0) return null;
  for (const key of HOMES) {
    const inside = Object.hasOwn(document, key) ? listIn(document[key], levels - 1) : null;
    if (inside) return inside;
  }
  return null;
}

function entryOf(value: unknown): CatalogueEntry | null {
  if (!isObject(value) || typeof value['grant'] !== 'string' || value['grant'] === '') return null;
  return {
    grant: value['grant'],
    title: textOf(value['title']),
    group: textOf(value['group']),
    dependsOn: textsOf(value['dependsOn']),
    adminLevel: typeof value['adminLevel'] === 'boolean' ? value['adminLevel'] : null,
    features: textsOf(value['features']),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((one): one is string => typeof one === 'string').sort(byCodeUnit)
    : [];
}
