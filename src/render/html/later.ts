/** With more cards than this, those that are closed get their body when they are opened. */
const MANY_CARDS = 100;

/** Are the bodies of this many cards left for later? */
export function areLater(cards: number): boolean {
  return cards > MANY_CARDS;
}

/**
 * The body of a card. One that is left for later stands in the page as the text of a script that does not run: a
 * browser makes no elements of it until the page's script does. `html` is trusted: text in it is escaped already, so that
 * nothing in it can end the script.
 */
export function cardBody(html: string, isLater: boolean): string {
  return isLater
    ? `<script type="text/plain" class="later">${html}</script>`
    : `<div class="inside">${html}</div>`;
}
