import type { Allowed, Refusal } from '../../plan/plan.js';
import { andMore, cut, formatNumber, nameText } from '../format/phrases.js';
import { oneLine } from '../format/one-line.js';
import type { PlanDocument } from '../vocabulary.js';

/** The refusals of a plan. Drift has none. */
export function refusalsOf(document: PlanDocument): readonly Refusal[] {
  return document.kind === 'plan' ? document.refusals : [];
}

/** Refusals that a flag has allowed. */
export function allowedOf(document: PlanDocument): readonly Allowed[] {
  return document.kind === 'plan' ? document.allowed : [];
}

/** A fact about a refusal; `value` is '' if the label is enough. */
interface RefusalFact {
  label: string;
  value: string;
  /** Is the value a key or a flag? */
  code: boolean;
}

/** `found 1`, or the label alone. */
export function factText({ label, value }: RefusalFact): string {
  return value === '' ? label : `${label} ${value}`;
}

/** The most items in one sentence. */
const MOST_ITEMS = 20;

/** A refusal in one line: message, items, facts. */
export function refusalSummary(refusal: Refusal): string {
  const { shown, more } = cut(refusal.items, MOST_ITEMS);
  const items = shown.length > 0 ? `: ${shown.map(nameText).join(', ')}${andMore(more)}` : '';
  return `${oneLine(refusal.message)}${items} (${refusalFacts(refusal).map(factText).join(', ')})`;
}

/** The reason that was given with a flag. */
export function reasonText({ reason }: Allowed): string {
  return reason ?? 'no reason was given';
}

/** The figure, the limit, the policy key that sets it and the flag that allows it; without missing parts. */
export function refusalFacts(refusal: Refusal): RefusalFact[] {
  const { figure: found, limit, key, flag } = refusal;
  const facts: (Omit<RefusalFact, 'value'> & { value: string | null })[] = [
    { label: 'found', value: found === null ? null : formatNumber(found), code: false },
    { label: 'limit', value: limit === null ? null : formatNumber(limit), code: false },
    { label: 'set by', value: key, code: true },
    { label: 'allow for one run with', value: flag, code: true },
  ];
  const known = facts.flatMap((fact) =>
    fact.value === null ? [] : [{ ...fact, value: oneLine(fact.value) }],
  );
  return flag === null ? [...known, { label: 'no flag allows it', value: '', code: false }] : known;
}
