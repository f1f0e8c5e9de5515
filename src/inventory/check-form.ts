import { inventoryPlaceForm } from '../manifest/form/place-form.js';
import { formIssues, formProblems } from '../manifest/form/check-form.js';
import { entryOf, type YamlMap, type YamlValue } from '../manifest/yaml/yaml-values.js';
import type { Problem } from '../problem/problem.js';
import { addTo } from '../model/group.js';
import { checkInventorySchema } from '../schema/check-inventory.js';
import { pointerKeys } from '../schema/schema.js';
import type { SchemaIssue } from '../schema/schema.js';

/** The schema problems of an inventory. A problem in an overlay makes only the manifest of its instance invalid. */
export interface InventoryForm {
  /** Problems outside of overlays. */
  problems: readonly Problem[];
  /** By the name of the entry. */
  overlays: ReadonlyMap<string, readonly Problem[]>;
  /** The names of entries whose manifest or overlay may be another one than the file appears to name. */
  unclear: ReadonlySet<string>;
}

/** Checks an inventory against its schema. */
export function checkInventoryForm(root: YamlValue): InventoryForm {
  const own: SchemaIssue[] = [];
  const byName = new Map<string, SchemaIssue[]>();
  const unclear = new Set<string>();
  for (const issue of formIssues(root, checkInventorySchema)) {
    const name = root.kind === 'map' ? overlayOf(root, issue) : null;
    if (name !== null) addTo(byName, name, issue);
    else {
      own.push(issue);
      const { entry, key } = placeOf(issue);
      // An unknown key of the entry itself may be a misspelled manifest or overlay.
      if (entry !== undefined && UNCLEAR_KEYS.has(key)) unclear.add(entry);
    }
  }
  const problemsOf = (issues: readonly SchemaIssue[]): Problem[] =>
    formProblems(root, { issues, formOf: inventoryPlaceForm });
  return {
    problems: problemsOf(own),
    overlays: new Map([...byName].map(([name, issues]) => [name, problemsOf(issues)])),
    unclear,
  };
}

/** The parts of an entry that say what is applied to its instance; undefined for the entry itself. */
const UNCLEAR_KEYS: ReadonlySet<string | undefined> = new Set([undefined, 'manifest', 'overlay']);

/** The entry that has an issue, and the key of the entry. */
function placeOf({ path }: SchemaIssue): { entry: string | undefined; key: string | undefined } {
  const [instances, entry, key] = pointerKeys(path);
  return instances === 'instances' ? { entry, key } : { entry: undefined, key: undefined };
}

/** Returns the name of the entry whose overlay has the issue; null for other issues, and for an overlay that is not a map. */
function overlayOf(root: YamlMap, issue: SchemaIssue): string | null {
  const { entry, key } = placeOf(issue);
  if (entry === undefined || key !== 'overlay') return null;
  const value = entryOf(entryOf(entryOf(root, 'instances')?.value, entry)?.value, 'overlay')?.value;
  return value?.kind === 'map' ? entry : null;
}
