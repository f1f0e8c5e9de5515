import type { Move, PlannedRequest, RequestCondition } from '../plan/change.js';
import type { Drift } from '../drift/drift.js';
import type { Plan, PlanPerson, Refusal } from '../plan/plan.js';
import { textChanges } from '../plan/review/summary.js';
import { oneLine } from './safe-text.js';

/** What the renderers take: a plan, or the same diff read the other way round. */
export type PlanDocument = Plan | Drift;

/** A number with a comma between thousands, the same in every locale. */
export function figure(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 role`, `2 roles`, `1,200 people`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${figure(value)} ${value === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function series(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

/** What a name is made of that no one can take for anything but a name. */
const PLAIN_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}&_.,/()'@+:~*{}-]| (?! ))*(?<! )$/u;

/** A name in plain text: as it is, or in quotes where it might be read as something else. */
export function quotedName(name: string): string {
  const line = oneLine(name);
  return PLAIN_NAME.test(line) ? line : `"${line.replaceAll('"', '\\"')}"`;
}

/** A person in one line: the address, or the id where there is none. */
export function personLabel(person: PlanPerson | Pick<Move, 'id' | 'email'>): string {
  return person.email === null ? `person ${person.id}` : quotedName(person.email);
}

/** `2026-01-31 08:15 UTC`; a time of another form is shown as it is. */
export function timeText(time: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/.exec(time);
  return match ? `${match[1] ?? ''} ${match[2] ?? ''} UTC` : oneLine(time);
}

/** First so many of a list, and how many were left out. */
export function cut<T>(list: readonly T[], limit: number): { shown: readonly T[]; more: number } {
  const shown = list.slice(0, Math.max(0, limit));
  return { shown, more: list.length - shown.length };
}

/** Text in at most so many characters (code points are kept whole), with `…` where it was cut. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = length - 1;
  const split = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return `${text.slice(0, split ? end - 1 : end)}…`;
}

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

/** The outcome of planning in a word and a sentence. */
export interface Verdict {
  level: 'refused' | 'changes' | 'clean';
  title: string;
  sentence: string;
}

/** How many differences are accepted: one that is listed under two roles counts once. */
export function acceptedCount({ accepted }: Pick<PlanDocument, 'accepted'>): number {
  return accepted.filter(({ role, acceptedFor }) => role === acceptedFor).length;
}

/** What a reader should know first. */
export function verdictOf(document: PlanDocument): Verdict {
  const count = acceptedCount(document);
  const accepted =
    count > 0 ? ` ${plural(count, 'difference')} ${count === 1 ? 'is' : 'are'} accepted for a time.` : '';
  if (document.kind === 'drift') return driftVerdict(document, accepted);
  const { changes, requests } = document.summary;
  if (document.refusals.length > 0) {
    const rest =
      changes > 0
        ? `${plural(changes, 'change')} planned, none may be applied.`
        : 'There is nothing else to change.';
    return {
      level: 'refused',
      title: `Refused for ${plural(document.refusals.length, 'reason')}`,
      sentence: rest,
    };
  }
  if (changes === 0) {
    return { level: 'clean', title: 'No changes', sentence: `The instance equals the manifest.${accepted}` };
  }
  const allowed = document.allowed.length;
  const exception = allowed > 0 ? ` ${plural(allowed, 'refusal')} allowed by flag.` : '';
  const sentence = `${plural(requests, 'request')} to send. Nothing is refused.${exception}${accepted}`;
  return { level: 'changes', title: `${plural(changes, 'change')} to apply`, sentence };
}

function driftVerdict(drift: Drift, accepted: string): Verdict {
  const count = drift.summary.differences;
  const wrong = drift.problems.length;
  if (wrong > 0) {
    const rest = count > 0 ? plural(count, 'difference') : 'no difference';
    const sentence = `The manifest names what the instance does not have. The rest was compared: ${rest}.${accepted}`;
    return { level: 'refused', title: `${plural(wrong, 'problem')} of the manifest`, sentence };
  }
  if (count === 0)
    return { level: 'clean', title: 'No drift', sentence: `The instance equals the manifest.${accepted}` };
  const sentence = `The instance is no longer as the manifest says.${accepted}`;
  return { level: 'changes', title: plural(count, 'difference'), sentence };
}

/** The counts of a plan as phrases, zeros left out: `2 roles to create`, `1 to delete`. */
export function countPhrases(document: PlanDocument): string[] {
  const { summary } = document;
  const { rolesCreated, rolesRenamed, rolesDeleted, grantsAdded, grantsRemoved, peopleMoved, byKind } =
    summary;
  const described = textChanges(document.changes).filter(
    ({ before, after }) => before.description !== after.description,
  ).length;
  const phrases: [number, string][] = [
    [rolesCreated, `${plural(rolesCreated, 'role')} to create`],
    [rolesRenamed, `${plural(rolesRenamed, 'role')} to rename`],
    [described, `${plural(described, 'description')} to change`],
    [grantsAdded, `${plural(grantsAdded, 'grant')} to add`],
    [grantsRemoved, `${plural(grantsRemoved, 'grant')} to take away`],
    [peopleMoved, `${plural(peopleMoved, 'person', 'people')} to move`],
    [byKind['defaultRole.set'], 'the default role to set'],
    [byKind['allowlist.set'], 'the roles allowlist to set'],
    [rolesDeleted, `${plural(rolesDeleted, 'role')} to delete`],
  ];
  return phrases.filter(([count]) => count > 0).map(([, phrase]) => phrase);
}

/** `Plan: 2 roles to create, 1 role to delete; 7 requests`, for the last line of a report. */
export function summaryLine(document: PlanDocument): string {
  const parts = countPhrases(document);
  if (document.kind === 'drift') {
    const head = `Drift: ${plural(document.summary.differences, 'difference')}`;
    return parts.length > 0 ? `${head}; the way back: ${parts.join(', ')}` : head;
  }
  if (parts.length === 0)
    return document.refusals.length > 0
      ? 'Plan: no changes'
      : 'No changes. The instance equals the manifest.';
  return `Plan: ${parts.join(', ')}; ${plural(document.summary.requests, 'request')}`;
}

const CONDITIONS: Readonly<Record<RequestCondition, string>> = {
  'start-differs': 'only if the new role does not start with these grants',
  'first-form-unknown': 'only if the instance does not know the request before it (404, 405)',
};

/** When a request is sent that is not sent in any case; empty for all others. */
export function conditionText({ when }: PlannedRequest): string {
  return when === undefined ? '' : CONDITIONS[when];
}
