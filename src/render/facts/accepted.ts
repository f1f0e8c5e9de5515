import type { Accepted } from '../../plan/plan.js';
import { oneLine } from '../format/one-line.js';
import { cut, formatNumber, personLabel, nameText } from '../format/phrases.js';

/** `members of "Data Analyst" until 2026-03-31: trial (2 more than the manifest lists)`. */
export function acceptedText(entry: Accepted): string {
  const of = entry.role === null ? '' : ` of "${entry.role}"`;
  const other =
    entry.acceptedFor === null || entry.acceptedFor === entry.role
      ? ''
      : `, accepted for "${entry.acceptedFor}"`;
  return `${entry.what}${of} until ${entry.until}: ${entry.reason} (${entry.difference}${other})`;
}

/** The same in one line, with everything that it accepts. */
export function acceptedSummary(entry: Accepted): string {
  const { shown, more } = cut(acceptedItems(entry), MOST_ITEMS);
  const rest = more > 0 ? `; and ${formatNumber(more)} more` : '';
  const items = shown.length > 0 ? `: ${shown.join('; ')}${rest}` : '';
  return `${oneLine(acceptedText(entry))}${items}`;
}

/** The most items in one line. */
const MOST_ITEMS = 20;

/** Every person and grant that an entry accepts, one line each. */
export function acceptedItems({ what, people, grants }: Accepted): string[] {
  return [
    ...people.map(({ id, email, from, to }) => {
      const who = id === null ? nameText(email ?? '') : personLabel({ id, email });
      const place = from === null ? 'is not on the instance' : `is in ${nameText(from)}`;
      if (what === 'unmanaged' || what === 'rule') return `${who} ${place}`;
      return `${who} ${place}, ${to === null ? 'listed nowhere' : `listed in ${nameText(to)}`}`;
    }),
    ...grants.extra.map((grant) => `+ ${nameText(grant)}`),
    ...grants.missing.map((grant) => `- ${nameText(grant)}`),
  ];
}
