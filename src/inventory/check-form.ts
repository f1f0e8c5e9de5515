import { inventoryPlaceForm } from '../manifest/expected-values.js';
import { formIssues, formProblems } from '../manifest/shape.js';
import { entryOf, type YamlMap, type YamlValue } from '../manifest/yaml-values.js';
import type { Problem } from '../problem/problem.js';
import { addTo } from '../model/group.js';
import { checkInventorySchema } from '../schema/check-inventory.js';
import type { SchemaIssue } from '../schema/schema.js';

/** The schema problems of an inventory. A problem in an overlay makes only the manifest of its instance invalid. */
export interface InventoryForm {
  /** Problems outside of overlays. */
  problems: readonly Problem[];
  /** By the name of the entry. */
  overlays: ReadonlyMap<string, readonly Problem[]>;
}

/** Checks an inventory against its schema. */
export function checkInventoryForm(root: YamlValue): InventoryForm {
  const own: SchemaIssue[] = [];
  const byName = new Map<string, SchemaIssue[]>();
  for (const issue of formIssues(root, checkInventorySchema)) {
    const name = root.kind === 'map' ? overlayOf(root, issue) : null;
    if (name === null) own.push(issue);
    else addTo(byName, name, issue);
  }
  const problemsOf = (issues: readonly SchemaIssue[]): Problem[] =>
    formProblems(root, { issues, formOf: inventoryPlaceForm });
  return {
    problems: problemsOf(own),
    overlays: new Map([...byName].map(([name, issues]) => [name, problemsOf(issues)])),
  };
}

/** Returns the name of the entry whose overlay has the issue; null for other issues, and for an overlay that is not a map. */
function overlayOf(root: YamlMap, { path }: SchemaIssue): string | null {
  const [, instances, entry, overlay] = path.split('/');
  if (instances !== 'instances' || overlay !== 'overlay' || entry === undefined) return null;
  const name = entry.replaceAll('~1', '/').replaceAll('~0', '~');
  const value = entryOf(entryOf(entryOf(root, 'instances')?.value, name)?.value, 'overlay')?.value;
  return value?.kind === 'map' ? name : null;
}
