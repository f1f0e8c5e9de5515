import type { Parsed } from './parse-tree.js';
import { readPlainYaml } from './plain-yaml.js';

/**
 * Reads YAML 1.2 (core schema, one document) into a tree with places. `file` is the name in places. Never throws; time and
 * memory are bounded by limits on depth, aliases and size.
 */
export async function readYaml(text: string, file: string): Promise<Parsed> {
  const root = readPlainYaml(text, file);
  if (root) return { root, problems: [] };
  // Loading the YAML library takes longer than reading most files, and few files need it.
  const { parseYaml } = await import('./parse-yaml.js');
  return parseYaml(text, file);
}
