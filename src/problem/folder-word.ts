/** Characters without a meaning in any shell, not beginning like a flag. */
const PLAIN = /^(?!-)[\w@%+:,./-]+$/u;

/** A folder for a command in a hint; `FOLDER` if a shell would not read its path as one word. */
export function folderWord(path: string): string {
  return PLAIN.test(path) ? path : 'FOLDER';
}
