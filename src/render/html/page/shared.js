// What the parts of the page share. Names reach the page through `textContent` or `escapeHtml` alone.

/** The page's data: the matrix (or null) and the long lists. */
export const DATA = JSON.parse(document.getElementById('data').textContent);

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
