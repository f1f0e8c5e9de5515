/** Marks the link of the first section on the screen. */
export function markCurrentSection() {
  if (!('IntersectionObserver' in window)) return;
  const links = new Map();
  for (const link of document.querySelectorAll('nav a')) links.set(link.hash.slice(1), link);
  const visible = new Set();
  const update = (entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) visible.add(entry.target.id);
      else visible.delete(entry.target.id);
    }
    const current = [...links.keys()].find((id) => visible.has(id));
    for (const [id, link] of links) {
      if (id === current) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  };
  const observer = new IntersectionObserver(update, { rootMargin: '-64px 0px -55% 0px' });
  for (const section of document.querySelectorAll('main > section')) observer.observe(section);
}
