import type { Problem } from '../problem/problem.js';
import type { YamlValue } from './yaml-values.js';

/** What became of a text: a tree if it is YAML, and everything that is wrong with it. */
export interface Parsed {
  root: YamlValue | null;
  problems: readonly Problem[];
}
