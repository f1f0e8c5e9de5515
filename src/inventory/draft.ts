import type { Place, SourceRange, YamlMap } from '../manifest/yaml/yaml-values.js';

/** An inventory as written, with places, before its rules are checked. Values of the wrong type are left out. */
export interface InventoryDraft {
  at: Place;
  name: SourceRange<string> | null;
  manifest: SourceRange<string> | null;
  entries: readonly DraftEntry[];
  tables: readonly DraftTable[];
  waves: readonly DraftWave[];
  minInstances: SourceRange<number> | null;
  maxInstances: SourceRange<number | string> | null;
  /** The key `instances` or `instancesFrom`; null if the file has neither. */
  instancesAt: Place | null;
}

/** An entry of the file, or a row of a table. */
export interface DraftEntry {
  name: SourceRange<string>;
  labels: ReadonlyMap<string, SourceRange<string>>;
  manifest: SourceRange<string> | null;
  overlay: YamlMap | null;
  suspended: { reason: string; until: SourceRange<string> | null } | null;
  source: string;
}

/** A table of instances that has not been read. */
export interface DraftTable {
  file: SourceRange<string>;
  labels: readonly SourceRange<string>[];
}

/** A wave whose terms have not been parsed. */
export interface DraftWave {
  name: SourceRange<string>;
  where: readonly SourceRange<string>[];
  mayFail: SourceRange<number | string> | null;
  atOnce: number | null;
}
