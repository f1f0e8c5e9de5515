import { lineHtml } from './escape.js';

/** A search field for the page's script. */
export function searchField(placeholder: string): string {
  return `<label class="search"><span>Search</span><input type="search" autocomplete="off" spellcheck="false" placeholder="${lineHtml(placeholder)}"></label>`;
}

/** The controls above a group of cards. */
interface CardControls {
  placeholder: string;
  /** `12 roles`. */
  count: string;
  /** Are the cards open initially? */
  open: boolean;
  /** Further filters, as trusted HTML. */
  filters?: string;
}

/** Search, filters, a button that opens and closes all cards, and a count. */
export function cardControls({ placeholder, count, open, filters = '' }: CardControls): string {
  const button = `<button type="button" aria-pressed="${open}">${open ? 'Close all' : 'Open all'}</button>`;
  return `<div class="controls">${searchField(placeholder)}${filters}${button}<output aria-live="polite">${count}</output></div>`;
}
