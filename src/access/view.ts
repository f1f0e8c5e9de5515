import { resolveDesiredState } from '../desired/resolve.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import type { Catalogue } from '../model/grant.js';
import { isOrdinary } from '../model/person.js';
import { visibleText } from '../model/names.js';
import type { Person } from '../model/person.js';
import type { Role } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { roleAt, stateOf } from '../model/state.js';
import type { State } from '../model/state.js';
import { ProblemError, problem } from '../problem/problem.js';

/** Which state answers a question: live state, a snapshot file, or the end state of a manifest over one of these. */
export type AccessSource = 'live' | 'snapshot' | 'manifest';

/** A state to ask questions about, with the people in it. */
export interface AccessView {
  source: AccessSource;
  instance: string;
  state: State;
  /** Active and pending people; support and system accounts are never listed. Sorted by id. */
  people: readonly Person[];
  catalogue: Catalogue;
}

/**
 * A view of a snapshot. Raises `bad-file` for one that holds administrators only, `bad-answer` where a person
 * is in a role that is not listed (created while people were read).
 */
export function viewOf(snapshot: Snapshot, source: Exclude<AccessSource, 'manifest'> = 'live'): AccessView {
  if (snapshot.people.scope !== 'all') {
    throw new ProblemError(
      problem('bad-file', 'the snapshot holds administrators only, so it does not show who can do what', {
        hint: 'write one with `domo-roles export --format snapshot`',
      }),
    );
  }
  const { instance, catalogue } = snapshot;
  const people = snapshot.people.list.filter(isOrdinary);
  return { source, instance, state: stateOf(snapshot), people, catalogue };
}

/**
 * A view of the end state of a manifest. People whom it lists and who are not on the instance are left out.
 * Raises a `ProblemError` with everything that leaves the end state open: what the instance does not have, and
 * the refusals of matching roles and placing people (not the guards, which are about plans).
 */
export function endView(loaded: LoadedManifest, snapshot: Snapshot, { now }: { now: string }): AccessView {
  const view = viewOf(snapshot);
  const { target, findings } = resolveDesiredState(loaded, snapshot, { now, allowMissing: true });
  const open = findings.refusals.map(({ code, message, items, hint }) =>
    problem(code, items.length > 0 ? `${message}: ${visibleText(items.join(', '))}` : message, { hint }),
  );
  if (findings.problems.length + open.length > 0) throw new ProblemError([...findings.problems, ...open]);
  return { ...view, source: 'manifest', state: target.state };
}

/** The role that a person is in. */
export function roleOf({ state }: AccessView, person: Person): Role {
  const key = state.people.of(person);
  if (!key) throw new TypeError(`person ${person.id} is in no role`);
  return roleAt(state, key);
}
