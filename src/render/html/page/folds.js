import { fillCard } from './card-bodies.js';

/** Gives a card its body when it is opened. */
export function fillOpenedFolds() {
  addEventListener('toggle', ({ target }) => target.open && fillCard(target), true);
}

/** Opens every fold while the page is printed. */
export function openFoldsInPrint() {
  const closed = [];
  addEventListener('beforeprint', () => {
    for (const fold of document.querySelectorAll('details:not([open])')) {
      closed.push(fold);
      fillCard(fold);
      fold.open = true;
    }
  });
  addEventListener('afterprint', () => {
    for (const fold of closed.splice(0)) fold.open = false;
  });
}

/** Opens the fold that a link points at. */
export function openLinkedFold() {
  const open = () => {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener('hashchange', open);
  open();
}
