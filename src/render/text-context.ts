import type { Style } from './text/style.js';

/** What the parts of the text share. */
export interface TextContext {
  style: Style;
  limit: number;
  width: number;
  drift: boolean;
}
