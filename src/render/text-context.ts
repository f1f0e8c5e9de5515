import type { Style } from './style.js';

/** What the parts of the text share. */
export interface TextContext {
  style: Style;
  limit: number;
  width: number;
  drift: boolean;
}
