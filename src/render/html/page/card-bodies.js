// Bodies of cards that are deferred: texts in the data of their section.
import { dataIn } from './data.js';

const bodiesOf = new WeakMap();

/** The deferred body of a card as HTML. */
function deferredBody(card) {
  const section = card.closest('section');
  if (!bodiesOf.has(section)) bodiesOf.set(section, dataIn(section.querySelector('script.bodies')));
  return bodiesOf.get(section)[card.dataset.body];
}

/** Makes elements of the body of a card, once. */
export function fillCard(card) {
  if (card.dataset.body === undefined) return;
  const body = document.createElement('div');
  body.className = 'inside';
  body.innerHTML = deferredBody(card);
  delete card.dataset.body;
  card.append(body);
}

/** The content of a card, whether or not it has its body yet. */
export function bodyText(card) {
  if (card.dataset.body === undefined) return card.textContent;
  const text = deferredBody(card)
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  return `${card.querySelector('summary').textContent} ${text}`;
}
