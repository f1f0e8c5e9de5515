import type { Risk } from '../../plan/change.js';
import { oneLine } from '../format/one-line.js';
import type { Tone } from '../vocabulary.js';

/** Escapes text for element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text on one line, for HTML. */
export function lineHtml(text: string): string {
  return escapeHtml(oneLine(text));
}

/** A name, isolated so that its writing direction does not affect the text around it. */
export function nameHtml(text: string): string {
  return `<bdi>${lineHtml(text)}</bdi>`;
}

/** A wire id, a path or a flag as code. */
export function codeHtml(text: string): string {
  return `<code>${lineHtml(text)}</code>`;
}

/** A short label in its tone. */
export function pillHtml(text: string, tone: Tone): string {
  return `<span class="${tone === '' ? 'pill' : `pill ${tone}`}">${lineHtml(text)}</span>`;
}

/** The label of a risk level. */
export function riskPill(level: Risk['level']): string {
  return pillHtml(`${level} risk`, level === 'medium' ? 'warn' : 'bad');
}
