// Bodies of cards that are left for later: the text of a script that does not run.

const laterOf = (card) => card.querySelector(':scope > script.later');

/** Makes elements of the body of a card, once. */
export function fillCard(card) {
  const later = laterOf(card);
  if (!later) return;
  const body = document.createElement('div');
  body.className = 'inside';
  body.innerHTML = later.textContent;
  later.replaceWith(body);
}

/** The content of a card, whether or not it has its body yet. */
export function bodyText(card) {
  const later = laterOf(card);
  if (!later) return card.textContent;
  const text = later.textContent
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  return `${card.querySelector('summary').textContent} ${text}`;
}
