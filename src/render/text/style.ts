import picocolors from 'picocolors';
import type { Vocabulary } from '../vocabulary.js';

/** Colours for a terminal; each returns its text, coloured or plain. */
export type Style = Readonly<
  Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta', (text: string) => string>
>;

/** Colour on or off is the caller's decision: nothing here looks at a terminal or the environment. */
export function styleOf(colour: boolean): Style {
  const { bold, dim, red, green, yellow, cyan, magenta } = picocolors.createColors(colour);
  return { bold, dim, red, green, yellow, cyan, magenta };
}

/** What the parts of a text share. */
export interface TextContext {
  style: Style;
  limit: number;
  width: number;
  vocabulary: Vocabulary;
}
