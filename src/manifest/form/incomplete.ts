import { problem, type Problem } from '../../problem/problem.js';
import { entryOf, textOf, type YamlMap } from '../yaml/yaml-values.js';

/** The kind of a file that holds the place of another one; no command accepts it. */
const KIND = 'Incomplete';

/**
 * The content of the main file of several files while the others are written. It stays if the command is killed: files of which
 * some are missing or old could still be a valid manifest, and applying it would change what no one asked for.
 */
export const INCOMPLETE_TEXT = `# The command that writes this file and those that belong to it did not complete.
# Run it again.
apiVersion: domo-roles/v1
kind: ${KIND}
`;

/** The problem of a file that holds the place of another one; null for any other file. */
export function incompleteFiles(root: YamlMap): Problem | null {
  const kind = textOf(entryOf(root, 'kind')?.value);
  if (kind?.value !== KIND) return null;
  return problem('bad-value', 'the command that writes this file did not complete', {
    where: kind.at,
    hint: 'the files that belong to it may be missing or old; run the command again',
  });
}
