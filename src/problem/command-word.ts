/** Characters without a meaning in any shell, not beginning like a flag. */
const PLAIN = /^(?!-)[\w@%+:,./-]+$/u;

/** A path for a command in a hint; the placeholder if a shell would not read the path as one word. */
export function commandWord(path: string, placeholder: string): string {
  return PLAIN.test(path) ? path : placeholder;
}
