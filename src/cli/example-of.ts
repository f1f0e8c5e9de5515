/**
 * An example for `--help`: its purpose as a comment, then the command on a line of its own. In two columns a long command would
 * be wrapped, and could not be pasted.
 */
export function exampleOf(command: string, purpose: string): [line: string, text: string][] {
  return [
    [`# ${purpose}`, ''],
    [command, ''],
  ];
}
