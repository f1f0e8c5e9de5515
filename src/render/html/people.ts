import type { PlanPerson } from '../../plan/plan.js';
import { formatNumber, personLabel } from '../format/phrases.js';
import { escapeHtml } from './escape.js';

/** The label of a person, isolated so that its writing direction does not affect the text around it. */
export function personHtml(person: PlanPerson): string {
  return `<bdi>${escapeHtml(personLabel(person))}</bdi>`;
}

/** A list of short items. `items` are trusted HTML. */
export function peopleList(items: readonly string[]): string {
  return `<ul class="people">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

/** The number of items that a list does not show; '' if it shows all. */
export function moreHtml(more: number): string {
  return more > 0 ? `<p class="soft">and ${formatNumber(more)} more</p>` : '';
}
