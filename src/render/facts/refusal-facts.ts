import type { Refusal } from '../../plan/plan.js';
import { figure } from '../format/phrases.js';
import { oneLine } from '../format/one-line.js';

/** What was found and what is allowed, who rules it and what allows it once: the parts that there are. */
export function refusalFacts(refusal: Refusal): { label: string; value: string; code: boolean }[] {
  const { figure: found, limit, key, flag } = refusal;
  const facts: { label: string; value: string | null; code: boolean }[] = [
    { label: 'found', value: found === null ? null : figure(found), code: false },
    { label: 'limit', value: limit === null ? null : figure(limit), code: false },
    { label: 'ruled by', value: key, code: true },
    { label: 'allow for one run with', value: flag, code: true },
  ];
  const known = facts.flatMap((fact) =>
    fact.value === null ? [] : [{ ...fact, value: oneLine(fact.value) }],
  );
  return flag === null ? [...known, { label: 'no flag allows it', value: '', code: false }] : known;
}
