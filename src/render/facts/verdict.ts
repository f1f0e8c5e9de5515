import { textChanges } from '../../plan/review/summary.js';
import type { ChangeKind } from '../../plan/change.js';
import type { Drift } from '../../drift/drift.js';
import type { Plan } from '../../plan/plan.js';
import { plural } from '../format/phrases.js';
import { vocabularyOf, type PlanDocument } from '../vocabulary.js';

/** The result as a title and a sentence. */
interface Verdict {
  level: 'refused' | 'changes' | 'clean';
  title: string;
  sentence: string;
}

/** The number of accepted differences; one that is listed under two roles counts once. */
function acceptedCount({ accepted }: PlanDocument): number {
  return accepted.filter(({ role, acceptedFor }) => role === acceptedFor).length;
}

/**
 * Differences from the manifest that cause no change and do not count: accepted drift, people who are left out because
 * they are not on the instance, and unmanaged roles that are only reported.
 */
export function exceptionsOf(document: PlanDocument): string[] {
  const { missingPeople, unmanaged } = document;
  // Drift counts these as differences.
  const missing = document.kind === 'plan' ? missingPeople.length : 0;
  const counted = unmanaged.policy === 'delete' || (unmanaged.policy === 'fail' && document.kind === 'drift');
  const reported = counted ? 0 : unmanaged.roles.length;
  const accepted = acceptedCount(document);
  const exceptions: [number, string][] = [
    [accepted, plural(accepted, 'accepted difference')],
    [missing, `${plural(missing, 'listed person who is', 'listed people who are')} not on the instance`],
    [reported, `${plural(reported, 'role')} not in the manifest`],
  ];
  return exceptions.filter(([count]) => count > 0).map(([, text]) => text);
}

/** The verdict of a document. */
export function verdictOf(document: PlanDocument): Verdict {
  return document.kind === 'drift' ? driftVerdict(document) : planVerdict(document);
}

function planVerdict(plan: Plan): Verdict {
  const { changes, requests } = plan.summary;
  if (plan.refusals.length > 0) {
    const title = `Refused for ${plural(plan.refusals.length, 'reason')}`;
    const planned = `${plural(changes, 'change')} planned, none may be applied.`;
    return { level: 'refused', title, sentence: changes > 0 ? planned : 'There is nothing else to change.' };
  }
  if (changes === 0) return cleanVerdict(plan);
  const allowed = plan.allowed.length;
  const byFlag = allowed > 0 ? ` ${plural(allowed, 'refusal')} allowed by flag.` : '';
  const sentence = `${plural(requests, 'request')} to send. Nothing is refused.${byFlag}${acceptedText(plan)}`;
  return { level: 'changes', title: `${plural(changes, 'change')} to apply`, sentence };
}

function driftVerdict(drift: Drift): Verdict {
  const count = drift.summary.differences;
  const problems = drift.problems.length;
  if (problems > 0) {
    const rest = count > 0 ? plural(count, 'difference') : 'no difference';
    const sentence = `The manifest names what the instance does not have. The rest was compared: ${rest}.${acceptedText(drift)}`;
    return { level: 'refused', title: `${plural(problems, 'problem')} of the manifest`, sentence };
  }
  if (count === 0) return cleanVerdict(drift);
  const sentence = `The instance differs from the manifest.${acceptedText(drift)}`;
  return { level: 'changes', title: plural(count, 'difference'), sentence };
}

/** States that the instance equals the manifest, or names the exceptions. */
function cleanVerdict(document: PlanDocument): Verdict {
  if (document.kind === 'plan' && document.onlyExpired) {
    const { clean } = vocabularyOf(document);
    return { level: 'clean', title: clean, sentence: 'No memberships to end.' };
  }
  if (isRollback(document))
    return { level: 'clean', title: vocabularyOf(document).clean, sentence: 'Nothing is left to undo.' };
  const exceptions = exceptionsOf(document);
  const sentence =
    exceptions.length === 0
      ? 'The instance equals the manifest.'
      : `The instance equals the manifest, with exceptions: ${exceptions.join(', ')}.`;
  return { level: 'clean', title: vocabularyOf(document).clean, sentence };
}

/** The plan of a rollback is made from a run, not from manifest files. */
function isRollback({ kind, manifest }: PlanDocument): boolean {
  return kind === 'plan' && manifest.files.length === 0;
}

function acceptedText(document: PlanDocument): string {
  const count = acceptedCount(document);
  return count === 0
    ? ''
    : ` ${plural(count, 'difference')} ${count === 1 ? 'is' : 'are'} temporarily accepted.`;
}

/** Does the document need attention? True for drift, and for plans with high risk. */
export function isCritical(document: PlanDocument): boolean {
  const risky = document.changes.some(({ risk }) => risk.level === 'high' || risk.level === 'highest');
  return document.kind === 'drift' || risky;
}

type Counted = readonly [count: number, phrase: string];

/** What each kind of change adds to the counts, in the order of the phrases. */
const COUNTS: Readonly<Record<ChangeKind, (document: PlanDocument) => readonly Counted[]>> = {
  'role.create': ({ summary: { rolesCreated } }) => [
    [rolesCreated, `${plural(rolesCreated, 'role')} to create`],
  ],
  'role.update': ({ summary: { rolesRenamed }, changes }) => {
    const texts = textChanges(changes);
    const described = texts.filter(({ before, after }) => before.description !== after.description).length;
    return [
      [rolesRenamed, `${plural(rolesRenamed, 'role')} to rename`],
      [described, `${plural(described, 'description')} to change`],
    ];
  },
  'grants.set': ({ summary: { grantsAdded, grantsRemoved } }) => [
    [grantsAdded, `${plural(grantsAdded, 'grant')} to add`],
    [grantsRemoved, `${plural(grantsRemoved, 'grant')} to remove`],
  ],
  'members.move': ({ summary: { peopleMoved } }) => [
    [peopleMoved, `${plural(peopleMoved, 'person', 'people')} to move`],
  ],
  'defaultRole.set': ({ summary: { byKind } }) => [[byKind['defaultRole.set'], 'the default role to set']],
  'allowlist.set': ({ summary: { byKind } }) => [[byKind['allowlist.set'], 'the roles allowlist to set']],
  'role.delete': ({ summary: { rolesDeleted } }) => [
    [rolesDeleted, `${plural(rolesDeleted, 'role')} to delete`],
  ],
};

/** The counts of a plan as phrases, zeros left out: `2 roles to create`, `1 grant to add`. */
function countPhrases(document: PlanDocument): string[] {
  return Object.values(COUNTS)
    .flatMap((phrases) => phrases(document))
    .filter(([count]) => count > 0)
    .map(([, phrase]) => phrase);
}

/** `Plan: 2 roles to create, 1 role to delete; 7 requests`, for the last line of a report. */
export function summaryLine(document: PlanDocument): string {
  const { title, sentence, level } = verdictOf(document);
  if (level === 'clean') return `${title}. ${sentence}`;
  const phrases = countPhrases(document).join(', ');
  const label = vocabularyOf(document).title;
  if (document.kind === 'plan') {
    const { requests } = document.summary;
    return phrases === '' ? `${label}: no changes` : `${label}: ${phrases}; ${plural(requests, 'request')}`;
  }
  const differences = plural(document.summary.differences, 'difference');
  return phrases === '' ? `${label}: ${differences}` : `${label}: ${differences}; to undo: ${phrases}`;
}
