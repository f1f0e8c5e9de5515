import type { ManifestFile } from '../manifest/manifest.js';
import type { SourceRange, YamlMap } from '../manifest/yaml/yaml-values.js';
import type { Limit } from '../model/policy.js';
import type { Problem } from '../problem/problem.js';

/** The wave of entries that no wave of the inventory matches. */
export const REST_WAVE = 'rest';

/** An instance of the inventory. */
export interface FleetEntry {
  /** The instance's name: a DNS label in lower case. */
  name: string;
  labels: ReadonlyMap<string, string>;
  /** Path of the manifest with placeholders filled in, relative to the inventory's folder. */
  manifest: SourceRange<string>;
  /** Keys that override those of the manifest; null if the entry has none. */
  overlay: YamlMap | null;
  suspended: Suspension | null;
  /** Name of its wave. */
  wave: string;
  /** The entry and its row as written. `--changed-since` compares this text. */
  source: string;
}

/** Why, and until when, runs leave out an instance. */
export interface Suspension {
  reason: string;
  /** A day or a time with a zone; null if it has no end. */
  until: string | null;
}

/** One term of `where`: the label has one of these values, or none of them if negated. */
export interface LabelTerm {
  label: string;
  values: readonly string[];
  negated: boolean;
}

/** Entries that are processed together, before the next wave starts. */
export interface Wave {
  name: string;
  where: readonly LabelTerm[];
  /** More failures stop the run after the wave. A percentage is of the wave's entries. */
  mayFail: Limit;
  /** Maximum number of instances at once; null to use that of the run. */
  atOnce: number | null;
}

/** What one apply to the whole fleet may do. */
export interface FleetPolicy {
  minInstances: number | null;
  /** A percentage is of the entries that are not suspended. */
  maxInstances: Limit | null;
}

/** A valid inventory. Its manifests have not been read. */
export interface Inventory {
  /** Name of the fleet. */
  name: string;
  /** The inventory's file, relative to the working directory, with forward slashes. */
  file: string;
  /** Its text, for the code frames of problems in overlays. */
  text: string;
  /** The folder that paths are relative to. Absolute. */
  folder: string;
  /** `sha256:` digest of all files that it was read from. */
  digest: string;
  /** Sorted by name. */
  entries: readonly FleetEntry[];
  /** In the order of the file; `rest` comes last if an entry is in no other wave. */
  waves: readonly Wave[];
  policy: FleetPolicy;
  /** The top-level `manifest` as written; null if there is none. */
  manifest: string | null;
  /** The inventory and its tables, in the order in which they were read. */
  files: readonly ManifestFile[];
  /** In file order. */
  warnings: readonly Problem[];
  /** Schema problems of overlays, by the name of the entry: they make the manifest of that entry invalid. */
  overlayProblems: ReadonlyMap<string, readonly Problem[]>;
}
