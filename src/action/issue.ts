import { createHash } from 'node:crypto';
import type { Drift } from '../drift/drift.js';
import { oneLine } from '../render/format/one-line.js';
import { clip, plural } from '../render/format/phrases.js';
import { findOwn, markerOf } from './comment.js';
import type { GitHub } from './github.js';

/** What became of the issue. */
export type IssueResult = 'opened' | 'updated' | 'closed' | 'none';

/** What an issue is written from. */
export interface IssueText {
  drift: Drift;
  /** Begins with the hidden marker that it is found again by. */
  markdown: string;
  /** The manifest as the title names it. */
  key: string;
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
  { drift, markdown, key, complete, run }: IssueText,
  repository: string,
): Promise<IssueResult> {
  const issues = `/repos/${repository}/issues`;
  const found = await findOwn(github, issues, {
    query: { state: 'open', sort: 'created', direction: 'asc' },
    marker: markerOf(markdown),
  });
  const one = `${issues}/${found?.number ?? 0}`;
  const { differences } = drift.summary;
  const where = run === null ? '' : ` ([run](${run}))`;
  if (differences + drift.problems.length === 0) {
    if (!found || !complete) return 'none';
    await github.create(`${one}/comments`, { body: `The instance matches its manifest again${where}.` });
    await github.edit(one, { state: 'closed', state_reason: 'completed' });
    return 'closed';
  }
  const fingerprint = `<!-- domo-roles:differences:${fingerprintOf(drift)} -->`;
  const body = `${markdown.trimEnd()}\n\n${fingerprint}\n`;
  if (!found) {
    await github.create(issues, { title: titleOf(drift, key), body });
    return 'opened';
  }
  await github.edit(one, { body });
  if (!found.body.includes(fingerprint)) {
    const wrong = drift.problems.length > 0 ? ` and ${plural(drift.problems.length, 'problem')}` : '';
    const now = `${plural(differences, 'difference')}${wrong}`;
    await github.create(`${one}/comments`, { body: `The drift is another one now: ${now}${where}.` });
  }
  return 'updated';
}

function titleOf({ instance }: Drift, key: string): string {
  return `Roles of ${clip(oneLine(instance), 100)} differ from ${clip(oneLine(key), 120)}`;
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
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}
