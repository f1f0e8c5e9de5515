/*
 * What the page runs in a browser, as text: it is hashed into the page's policy and must be the same bytes
 * however the program is built, so it is no function turned to text. Names reach the page through
 * `textContent` or `safe` alone.
 */

/** The data, and what the other parts share. */
export const PAGE_SCRIPT = String.raw`'use strict';
const DATA = JSON.parse(document.getElementById('data').textContent);
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const safe = (text) => String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
const sought = (field) => field.value.toLowerCase().trim();

const later = (run) => {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, 80);
  };
};

const closed = [];
addEventListener('beforeprint', () => {
  for (const fold of document.querySelectorAll('details:not([open])')) {
    closed.push(fold);
    fold.open = true;
  }
});
addEventListener('afterprint', () => {
  for (const fold of closed.splice(0)) fold.open = false;
});

const openTarget = () => {
  const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  if (target instanceof HTMLDetailsElement) target.open = true;
};
addEventListener('hashchange', openTarget);
openTarget();

for (const box of document.querySelectorAll('[data-cards]')) {
  const cards = [...box.querySelectorAll('details')];
  const texts = cards.map((card) => card.textContent.toLowerCase());
  const field = box.querySelector('input[type=search]');
  const level = box.querySelector('select');
  const count = box.querySelector('output');
  const all = box.querySelector('button');
  const show = () => {
    const wanted = sought(field);
    let shown = 0;
    cards.forEach((card, index) => {
      const fits = texts[index].includes(wanted) && (!level || level.value === '' || card.dataset.level === level.value);
      card.hidden = !fits;
      if (fits) shown += 1;
    });
    count.textContent = number(shown) + ' of ' + number(cards.length) + ' shown';
  };
  field.addEventListener('input', later(show));
  if (level) level.addEventListener('change', show);
  all.addEventListener('click', () => {
    const open = all.getAttribute('aria-pressed') !== 'true';
    all.setAttribute('aria-pressed', String(open));
    all.textContent = open ? 'Close all' : 'Open all';
    for (const card of cards) card.open = open;
  });
  show();
}

const links = new Map();
for (const link of document.querySelectorAll('nav a')) links.set(link.hash.slice(1), link);
if ('IntersectionObserver' in window) {
  const seen = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) seen.add(entry.target.id);
      else seen.delete(entry.target.id);
    }
    let first = true;
    for (const [id, link] of links) {
      const here = first && seen.has(id);
      if (here) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
      if (here) first = false;
    }
  }, { rootMargin: '-64px 0px -55% 0px' });
  for (const section of document.querySelectorAll('main > section')) watch.observe(section);
}
`;
