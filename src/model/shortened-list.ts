/** The most items of a list in a sentence. */
const MOST_ITEMS = 10;

/** A list for a sentence: the first items, `most` at the most, and the number of further ones. */
export function shortenedList(items: readonly string[], most = MOST_ITEMS): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}
