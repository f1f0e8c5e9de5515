import type { Drift } from '../../drift/drift.js';
import { textChanges } from '../../plan/review/summary.js';
import { plural } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';

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
