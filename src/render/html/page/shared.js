// What the parts of the page share. Names reach the page through `textContent` or `escapeHtml` alone.

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** A number with a comma between thousands, the same in every locale. */
export function formatNumber(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** What a search field asks for, ready to be compared with lower-case text. */
export function queryOf(field) {
  return field.value.toLowerCase().trim();
}

/** Runs once typing pauses. */
export function debounced(run) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, 80);
  };
}

/** What is far below is filled this long after the page is loaded, if the browser is idle: its own search needs it. */
const FILL_AFTER_MS = 1000;

/**
 * Runs once: when the section of an element is less than a screen away, before the page is printed, or when the browser has
 * nothing else to do.
 */
export function onceNear(element, run) {
  let isDone = false;
  const runOnce = () => {
    if (isDone) return;
    isDone = true;
    observer.disconnect();
    run();
  };
  const observer = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) runOnce();
    },
    { rootMargin: '100%' },
  );
  observer.observe(element.closest('section'));
  addEventListener('beforeprint', runOnce);
  // Not every browser has idle callbacks.
  addEventListener('load', () => setTimeout(() => globalThis.requestIdleCallback?.(runOnce), FILL_AFTER_MS));
}
