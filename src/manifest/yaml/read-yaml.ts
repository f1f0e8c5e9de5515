import type { Interner } from '../../model/interner.js';
import type { Parsed } from './parse-tree.js';
import { readPlainYaml } from './plain-yaml.js';

/**
 * Reads YAML 1.2 (core schema, one document) into a tree with places. `file` is the name in places. Never throws; time and
 * memory are bounded by limits on depth, aliases and size. Files that are read with the same `share` have equal texts once.
 */
export async function readYaml(text: string, file: string, share?: Interner): Promise<Parsed> {
  const root = readPlainYaml(text, file, share);
  if (root) return { root, problems: [] };
  // Loading the YAML library takes longer than reading most files, and few files need it.
  const { parseYaml } = await import('./parse-yaml.js');
  return parseYaml(text, file);
}
