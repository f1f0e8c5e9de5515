import { inventoryPlaceForm } from '../manifest/expected-values.js';
import { formIssues, formProblems } from '../manifest/shape.js';
import { entryOf, type YamlMap, type YamlValue } from '../manifest/yaml-values.js';
import type { Problem } from '../problem/problem.js';
import { addTo } from '../model/group.js';
import { checkInventorySchema } from '../schema/check-inventory.js';
import type { SchemaIssue } from '../schema/schema.js';

/** The problems of form in an inventory. An overlay is a part of its instance's manifest: only that instance is wrong. */
export interface InventoryForm {
  /** Problems outside of overlays. */
  problems: readonly Problem[];
  /** By the name of the entry. */
  overlays: ReadonlyMap<string, readonly Problem[]>;
}

/** Compares an inventory with its schema. */
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

/** The entry whose overlay an issue is in; null for every other issue, also for an overlay that is no map. */
function overlayOf(root: YamlMap, { path }: SchemaIssue): string | null {
  const [, instances, entry, overlay] = path.split('/');
  if (instances !== 'instances' || overlay !== 'overlay' || entry === undefined) return null;
  const name = entry.replaceAll('~1', '/').replaceAll('~0', '~');
  const value = entryOf(entryOf(entryOf(root, 'instances')?.value, name)?.value, 'overlay')?.value;
  return value?.kind === 'map' ? name : null;
}
