/** With more cards than this, closed cards get their body when they are opened. */
const MANY_CARDS = 100;

/** Are the bodies of this many cards deferred? */
export function areDeferred(cards: number): boolean {
  return cards > MANY_CARDS;
}

/**
 * The body of a card. A deferred body is stored as the text of a script that does not run, so the browser creates no
 * elements until the page's script does. `html` is trusted: its text is already escaped, so that it cannot end the script.
 */
export function cardBody(html: string, isLater: boolean): string {
  return isLater
    ? `<script type="text/plain" class="later">${html}</script>`
    : `<div class="inside">${html}</div>`;
}
