import picocolors from 'picocolors';
import type { Vocabulary } from '../vocabulary.js';

/** Colours for a terminal; each returns its text, coloured or plain. */
export type Style = Readonly<
  Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta', (text: string) => string>
>;

/** Opens a style. The caller decides about colour; this module reads neither terminal nor environment. */
export function styleOf(colour: boolean): Style {
  const { bold, dim, red, green, yellow, cyan, magenta } = picocolors.createColors(colour);
  return { bold, dim, red, green, yellow, cyan, magenta };
}

/** The context that the parts of a text share. */
export interface TextContext {
  style: Style;
  limit: number;
  width: number;
  vocabulary: Vocabulary;
}
