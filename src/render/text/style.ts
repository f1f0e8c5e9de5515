import picocolors from 'picocolors';

/** Colours for a terminal; each takes text and gives it back, dressed or bare. */
export type Style = Readonly<
  Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta', (text: string) => string>
>;

/** Colour on or off is the caller's decision: nothing here looks at a terminal or the environment. */
export function styleOf(colour: boolean): Style {
  const { bold, dim, red, green, yellow, cyan, magenta } = picocolors.createColors(colour);
  return { bold, dim, red, green, yellow, cyan, magenta };
}

/** What the parts of the text share. */
export interface TextContext {
  style: Style;
  limit: number;
  width: number;
  drift: boolean;
}
