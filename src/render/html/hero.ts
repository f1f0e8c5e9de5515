import { lineHtml } from './escape.js';
import { formatNumber } from '../format/phrases.js';

/** Icons of verdicts, in the text colour. */
const ICONS = {
  refused: '<path d="M8.2 2.5h7.6l5.7 5.7v7.6l-5.7 5.7H8.2l-5.7-5.7V8.2z"/><path d="m9 9 6 6m0-6-6 6"/>',
  risky: '<path d="M12 3 2.6 20h18.8z"/><path d="M12 9.5v5m0 2.7v.1"/>',
  changes: '<circle cx="12" cy="12" r="9.5"/><path d="M7.5 12h9m-3.5-3.5 3.5 3.5-3.5 3.5"/>',
  clean: '<circle cx="12" cy="12" r="9.5"/><path d="m7.8 12.3 2.8 2.9 5.6-6"/>',
} as const;

/** The top of a page. */
export interface Hero {
  /** Above the heading: instance, time and person. Plain text. */
  facts: readonly string[];
  heading: string;
  verdict: { look: keyof typeof ICONS; title: string; sentence: string };
  tiles: readonly { label: string; value: number }[];
}

/** Heading, verdict and counts. */
export function heroHtml({ facts, heading, verdict, tiles }: Hero): string {
  const icon = `<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">${ICONS[verdict.look]}</svg>`;
  const counts = tiles.map(
    ({ label, value }) =>
      `<div${value === 0 ? ' class="zero"' : ''}><dt>${lineHtml(label)}</dt><dd>${formatNumber(value)}</dd></div>`,
  );
  return `<div class="hero">
<p class="eyebrow">${facts.map(lineHtml).join(' · ')}</p>
<h1>${lineHtml(heading)}</h1>
<div class="verdict ${verdict.look}">${icon}<div><strong>${lineHtml(verdict.title)}</strong><p>${lineHtml(verdict.sentence)}</p></div></div>
<dl class="tiles">${counts.join('')}</dl>
</div>`;
}
