import { resolveDesiredState } from '../desired/resolve.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import type { Catalogue } from '../model/grant.js';
import { isOrdinary } from '../model/person.js';
import { visibleText } from '../model/quoted-name.js';
import type { Person } from '../model/person.js';
import type { Role } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { roleAt, stateOf } from '../model/state.js';
import type { State } from '../model/state.js';
import { ProblemError, problem } from '../problem/problem.js';

/** Which state a question is about: live state, a snapshot file, or the end state of a manifest applied to one of them. */
export type AccessSource = 'live' | 'snapshot' | 'manifest';

/** A state that questions can be asked about, with its people. */
export interface AccessView {
  source: AccessSource;
  /** When the snapshot was taken, in ISO 8601, if that is known. */
  takenAt?: string;
  instance: string;
  state: State;
  /** Active and pending people, sorted by id. Support and system accounts are left out. */
  people: readonly Person[];
  catalogue: Catalogue;
}

/**
 * Returns a view of a snapshot. Raises `bad-file` for a snapshot that holds only administrators, `bad-answer` for a person
 * whose role is not listed (it was created while people were read).
 */
export function viewOf(snapshot: Snapshot, source: Exclude<AccessSource, 'manifest'> = 'live'): AccessView {
  if (snapshot.people.scope !== 'all') {
    throw new ProblemError(
      problem('bad-file', 'the snapshot holds administrators only, so it does not show who can do what', {
        hint: 'write one with `domo-roles export --format snapshot`',
      }),
    );
  }
  const { instance, catalogue, takenAt } = snapshot;
  const people = snapshot.people.list.filter(isOrdinary);
  const view = { source, instance, state: stateOf(snapshot), people, catalogue };
  return source === 'snapshot' && takenAt !== undefined ? { ...view, takenAt } : view;
}

/** The source of a view, as every answer names it. */
export function sourceOf({ source, takenAt }: AccessView): Pick<AccessView, 'source' | 'takenAt'> {
  return takenAt === undefined ? { source } : { source, takenAt };
}

/**
 * Returns a view of the end state of a manifest. Listed people who are not on the instance are left out. Raises a
 * `ProblemError` with everything that leaves the end state undefined: what the instance does not have, and refusals from
 * matching roles and placing people. Guards are not checked, because they apply to plans.
 */
export function endView(loaded: LoadedManifest, snapshot: Snapshot, { now }: { now: string }): AccessView {
  const view = viewOf(snapshot);
  const { target, findings } = resolveDesiredState(loaded, snapshot, { now, allowMissing: true });
  const refusals = findings.refusals.map(({ code, message, items, hint }) =>
    problem(code, items.length > 0 ? `${message}: ${visibleText(items.join(', '))}` : message, { hint }),
  );
  if (findings.problems.length + refusals.length > 0)
    throw new ProblemError([...findings.problems, ...refusals]);
  return { ...view, source: 'manifest', state: target.state };
}

/** Returns the role that a person is in. */
export function roleOf({ state }: AccessView, person: Person): Role {
  const key = state.people.of(person);
  if (!key) throw new TypeError(`person ${person.id} is in no role`);
  return roleAt(state, key);
}
