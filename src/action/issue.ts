import { createHash } from 'node:crypto';
import type { Drift } from '../drift/drift.js';
import type { FleetDocument } from '../fleet/document.js';
import { oneLine } from '../render/format/one-line.js';
import { clip, plural } from '../render/format/phrases.js';
import { findOwn, markerOf } from './comment.js';
import type { GitHub } from './github.js';

/** What was done to the issue. */
type IssueResult = 'opened' | 'updated' | 'closed' | 'none';

/** An issue about the drift of one instance or of a fleet. */
export interface DriftIssue {
  title: string;
  /** Equal for equal differences. */
  fingerprint: string;
  /** The number of differences as text, such as `3 differences`; null if there are none. */
  differences: string | null;
  /** The comment that closes the issue, without a full stop. */
  matches: string;
}

/** The content of an issue, and what is known of the run. */
interface IssueText extends DriftIssue {
  /** Begins with the hidden marker that identifies the issue. */
  markdown: string;
  /** Did the run check everything? Only then does "no differences" close the issue. */
  complete: boolean;
  /** URL of this run; null outside of a workflow run. */
  run: string | null;
}

/**
 * Keeps one issue per marker: opens it at the first drift, updates it while the drift lasts, and closes it when there is no
 * drift left. A comment notifies subscribers when the differences change. An incomplete run closes nothing.
 */
export async function updateIssue(
  github: GitHub,
  { title, markdown, fingerprint, differences, matches, complete, run }: IssueText,
  repository: string,
): Promise<IssueResult> {
  const issues = `/repos/${repository}/issues`;
  const found = await findOwn(github, issues, {
    query: { state: 'open', sort: 'created', direction: 'asc' },
    marker: markerOf(markdown),
  });
  const issue = `${issues}/${found?.number ?? 0}`;
  const link = run === null ? '' : ` ([run](${run}))`;
  if (differences === null) {
    if (!found || !complete) return 'none';
    await github.create(`${issue}/comments`, { body: `${matches}${link}.` });
    await github.edit(issue, { state: 'closed', state_reason: 'completed' });
    return 'closed';
  }
  const mark = `<!-- domo-roles:differences:${fingerprint} -->`;
  const body = `${markdown.trimEnd()}\n\n${mark}\n`;
  if (!found) {
    await github.create(issues, { title, body });
    return 'opened';
  }
  await github.edit(issue, { body });
  if (!found.body.includes(mark))
    await github.create(`${issue}/comments`, { body: `The drift has changed: ${differences}${link}.` });
  return 'updated';
}

/** Returns the text of the issue about the drift of one instance. `key` names the manifest in the title. */
export function driftIssue(drift: Drift, key: string): DriftIssue {
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

/** Returns the text of the issue about a fleet: its instances with drift or an invalid manifest. */
export function fleetIssue({ fleet, rows, groups }: FleetDocument, key: string): DriftIssue {
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

/** Leaves out who made the differences and when they were read, so that equal differences have equal fingerprints. */
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
