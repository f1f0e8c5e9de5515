import { bodyText, fillCard } from './card-bodies.js';
import { debounced, formatNumber, queryOf } from './shared.js';

/** Search, filter by risk and "Open all" for each group of cards. */
export function setUpCards() {
  for (const box of document.querySelectorAll('[data-cards]')) setUpGroup(box);
}

function setUpGroup(box) {
  const cards = [...box.querySelectorAll('details.card')];
  const groups = [...box.querySelectorAll('[data-group]')];
  // Most readers never search the longest lists.
  let texts = null;
  const textOf = (index) => {
    texts ??= cards.map((card) => bodyText(card).toLowerCase());
    return texts[index];
  };
  const field = box.querySelector('input[type=search]');
  const level = box.querySelector('select');
  const count = box.querySelector('output');
  const all = box.querySelector('button');
  const show = () => {
    const query = queryOf(field);
    const risk = level ? level.value : '';
    let shown = 0;
    cards.forEach((card, index) => {
      const fits =
        (query === '' || textOf(index).includes(query)) && (risk === '' || card.dataset.level === risk);
      card.hidden = !fits;
      if (fits) shown += 1;
    });
    for (const group of groups) group.hidden = group.querySelector('details.card:not([hidden])') === null;
    count.textContent = `${formatNumber(shown)} of ${formatNumber(cards.length)} shown`;
  };
  field.addEventListener('input', debounced(show));
  if (level) level.addEventListener('change', show);
  all.addEventListener('click', () => {
    const open = all.getAttribute('aria-pressed') !== 'true';
    all.setAttribute('aria-pressed', String(open));
    all.textContent = open ? 'Close all' : 'Open all';
    for (const card of cards) {
      if (open) fillCard(card);
      card.open = open;
    }
  });
  show();
}
