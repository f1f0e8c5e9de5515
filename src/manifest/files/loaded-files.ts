import type { Problem } from '../../problem/problem.js';
import type { ManifestFile } from '../manifest.js';
import type { YamlMap } from '../yaml/yaml-values.js';
import {
  LARGEST_FILE,
  LARGEST_MANIFEST,
  MOST_FILES,
  readText,
  type Content,
  type Unreadable,
} from './read-text.js';

/** A file, with the files that it extends, in its order. */
export interface SourceFile {
  /** The name in places. */
  file: string;
  root: YamlMap;
  bases: readonly SourceFile[];
}

/** All files, in the order in which they were read. */
export interface LoadedFiles {
  cwd: string;
  given: SourceFile[];
  problems: Problem[];
  files: ManifestFile[];
  /** The texts of manifests, for code frames. */
  sources: Map<string, string>;
  /** Paths by file name as in places. */
  paths: Map<string, string>;
  /** Files of a folder that are of another kind, named as in places. */
  passedOver: string[];
  bytes: number;
  /** Was a file in `extends` unusable? */
  lacksBase: boolean;
}

/** Does a file of this size fit the limits of the whole manifest? */
export function fitsLimits(bytes: number, { files, bytes: read }: LoadedFiles): boolean {
  return files.length < MOST_FILES && bytes <= Math.min(LARGEST_FILE, LARGEST_MANIFEST - read);
}

/** Reads a file within the limits of the whole manifest. */
export async function readInto(real: string, collection: LoadedFiles): Promise<Content | Unreadable> {
  if (!fitsLimits(0, collection)) return 'too-large';
  const limit = Math.min(LARGEST_FILE, LARGEST_MANIFEST - collection.bytes);
  const content = await readText(real, limit, 'refused');
  if (typeof content !== 'string') collection.bytes += content.bytes;
  return content;
}
