import type { ManifestFile } from '../manifest/manifest.js';
import type { Place, SourceRange, YamlMap } from '../manifest/yaml-values.js';
import type { Limit } from '../model/policy.js';
import type { Problem } from '../problem/problem.js';

/** The wave of entries that no wave of the inventory matches. */
export const REST_WAVE = 'rest';

/** An instance of the inventory. */
export interface FleetEntry {
  /** The instance's name: a DNS label in lower case. */
  name: string;
  labels: ReadonlyMap<string, string>;
  /** The manifest as the inventory names it, placeholders filled in; relative to the inventory's folder. */
  manifest: SourceRange<string>;
  /** Keys of a manifest, laid over it; null where the entry has none. */
  overlay: YamlMap | null;
  suspended: Suspension | null;
  /** Name of its wave. */
  wave: string;
  /** Where the entry is: its key, or its row. */
  at: Place;
  /** The entry and its row as written, for `--changed-since`: equal text is an equal entry. */
  source: string;
}

/** Why and until when nothing is done on an instance. */
export interface Suspension {
  reason: string;
  /** A day or a time, as `until` of accepted drift; null for no end. */
  until: string | null;
}

/** One term of `where`: the label has one of these values, or, negated, none of them. */
export interface LabelTerm {
  label: string;
  values: readonly string[];
  negated: boolean;
}

/** Entries that are handled together, before the next wave begins. */
export interface Wave {
  name: string;
  where: readonly LabelTerm[];
  /** More failures than this stop the run after the wave. A share is of the wave's entries. */
  mayFail: Limit;
  /** Instances at once; null for the number of the run. */
  atOnce: number | null;
}

/** What one apply to the whole fleet may do. */
export interface FleetPolicy {
  minInstances: number | null;
  /** A share is of the entries that are not suspended. */
  maxInstances: Limit | null;
}

/** The instances of one repository: valid by itself, its manifests not yet read. */
export interface Inventory {
  /** Name of the fleet. */
  name: string;
  /** The inventory's file, relative to where the command started, with forward slashes. */
  file: string;
  /** Its text, for code frames of overlays. */
  text: string;
  /** The folder that paths are relative to. Absolute. */
  folder: string;
  /** `sha256:` over all files that it was read from. */
  digest: string;
  /** Sorted by name. */
  entries: readonly FleetEntry[];
  /** As written; then, where an entry is in none of them, `rest`. */
  waves: readonly Wave[];
  policy: FleetPolicy;
  /** The top-level `manifest` as written; null where there is none. */
  manifest: string | null;
  /** The inventory and its tables, in the order in which they were read. */
  files: readonly ManifestFile[];
  /** In file order. */
  warnings: readonly Problem[];
  /** Problems of form in the overlay of an entry, by its name: they make that entry's manifest wrong. */
  overlayProblems: ReadonlyMap<string, readonly Problem[]>;
}
