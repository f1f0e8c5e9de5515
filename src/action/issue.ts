import { createHash } from 'node:crypto';
import type { Drift } from '../drift/drift.js';
import type { FleetDocument } from '../fleet/document.js';
import { oneLine } from '../render/format/one-line.js';
import { clip, plural } from '../render/format/phrases.js';
import { findOwn, markerOf } from './comment.js';
import type { GitHub } from './github.js';

/** What became of the issue. */
export type IssueResult = 'opened' | 'updated' | 'closed' | 'none';

/** What an issue is written from. */
export interface IssueText {
  title: string;
  /** Begins with the hidden marker that it is found again by. */
  markdown: string;
  /** Equal for equal differences. */
  fingerprint: string;
  /** How many differences there are now, in words; null where there is none. */
  differences: string | null;
  /** What is the case where there is none, in a sentence without a full stop. */
  matches: string;
  /** Did the run look at everything, so that no difference means that there is none? */
  complete: boolean;
  /** The page of this run; null outside of one. */
  run: string | null;
}

/**
 * Keeps one issue per marker: opened at the first drift, written anew while it lasts (with a comment where
 * the differences are others than before, so that people are notified), closed when all is clean again. A run
 * that did not come to its end closes nothing.
 */
export async function keepIssue(
  github: GitHub,
  { title, markdown, fingerprint, differences, matches, complete, run }: IssueText,
  repository: string,
): Promise<IssueResult> {
  const issues = `/repos/${repository}/issues`;
  const found = await findOwn(github, issues, {
    query: { state: 'open', sort: 'created', direction: 'asc' },
    marker: markerOf(markdown),
  });
  const one = `${issues}/${found?.number ?? 0}`;
  const where = run === null ? '' : ` ([run](${run}))`;
  if (differences === null) {
    if (!found || !complete) return 'none';
    await github.create(`${one}/comments`, { body: `${matches}${where}.` });
    await github.edit(one, { state: 'closed', state_reason: 'completed' });
    return 'closed';
  }
  const mark = `<!-- domo-roles:differences:${fingerprint} -->`;
  const body = `${markdown.trimEnd()}\n\n${mark}\n`;
  if (!found) {
    await github.create(issues, { title, body });
    return 'opened';
  }
  await github.edit(one, { body });
  if (!found.body.includes(mark))
    await github.create(`${one}/comments`, { body: `The drift is another one now: ${differences}${where}.` });
  return 'updated';
}

/** The text of the issue about the drift of one instance. `key` is the manifest as the title names it. */
export function driftIssue(
  drift: Drift,
  key: string,
): Pick<IssueText, 'title' | 'fingerprint' | 'differences' | 'matches'> {
  const { differences } = drift.summary;
  const wrong = drift.problems.length > 0 ? ` and ${plural(drift.problems.length, 'problem')}` : '';
  const isClean = differences + drift.problems.length === 0;
  return {
    title: `Roles of ${clip(oneLine(drift.instance), 100)} differ from ${clip(oneLine(key), 120)}`,
    fingerprint: fingerprintOf(drift),
    differences: isClean ? null : `${plural(differences, 'difference')}${wrong}`,
    matches: 'The instance matches its manifest again',
  };
}

/** The same of a fleet: instances that differ, or whose manifest is wrong by what they have. */
export function fleetIssue(
  { fleet, rows, groups }: FleetDocument,
  key: string,
): Pick<IssueText, 'title' | 'fingerprint' | 'differences' | 'matches'> {
  const differ = rows.filter(({ status }) => status === 'drift' || status === 'invalid');
  const names = differ.map(({ instance, status }) => [instance, status]);
  const changes = groups.map(({ instances, changes: ofGroup }) => [instances, ofGroup]);
  return {
    title: `Roles of the fleet ${clip(oneLine(fleet), 100)} differ from ${clip(oneLine(key), 120)}`,
    fingerprint: digestOf([names, differ.length === 0 ? [] : changes]),
    differences:
      differ.length === 0
        ? null
        : `${plural(differ.length, 'instance')} of ${plural(rows.length, 'instance')}`,
    matches: 'All instances match their manifests again',
  };
}

/** Equal for equal differences, independent of who made them and when they were read. */
function fingerprintOf({ changes, missingPeople, unmanaged, problems }: Drift): string {
  const facts = [
    changes.map(({ id, before, after, ...rest }) => [
      id,
      before,
      after,
      'people' in rest ? rest.people : null,
    ]),
    missingPeople,
    problems.map(({ code, message }) => [code, message]),
    unmanaged.policy === 'fail' ? unmanaged.roles : [],
  ];
  return digestOf(facts);
}

function digestOf(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}
