import type { OrderedChange } from '../change.js';
import { MANAGE_ROLES } from '../../model/grant.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import { roleAt } from '../../model/state.js';
import { ProblemError, problem } from '../../problem/problem.js';
import type { DeriveInput } from './derive-input.js';
import type { DeferredChanges } from './derive-changes.js';
import { NOTHING_DEFERRED, deriveChanges } from './derive-changes.js';
import { simulate } from './simulate.js';
import type { AccessGap, Simulation } from './simulate.js';

/** The changes in an order that holds, or the refusals that say why there is none. */
export interface ChosenOrder {
  changes: readonly OrderedChange[];
  gaps: readonly AccessGap[];
  refusals: readonly Refusal[];
}

/**
 * Tries the plain order first, then those in which what concerns the acting person waits for the end, and
 * takes the first that a simulation finds sound.
 */
export function chooseOrder(input: DeriveInput): ChosenOrder {
  const { live, desired, cohorts, dependencies } = input;
  const walk = (changes: readonly OrderedChange[]): Simulation =>
    simulate(changes, { live, end: desired.state, starts: desired.starts, cohorts, dependencies });
  let first: { changes: readonly OrderedChange[]; seen: Simulation } | null = null;
  for (const last of candidates(input)) {
    const changes = deriveChanges(input, last);
    const seen = walk(changes);
    if (isSound(seen) && isOrdered(changes)) return { changes, gaps: seen.gaps, refusals: [] };
    first ??= { changes, seen };
  }
  if (!first) throw new TypeError('no order was tried');
  return { changes: first.changes, gaps: first.seen.gaps, refusals: refusalsOf(first.seen, input) };
}

function isSound({ excess, powerless, forbidden }: Simulation): boolean {
  return excess.length === 0 && powerless === null && forbidden.length === 0;
}

/** Does every change come after all that it waits for? A delete, say, cannot come before the move that empties its role. */
function isOrdered(changes: readonly OrderedChange[]): boolean {
  const seen = new Set<string>();
  return changes.every((change) => {
    const fits = change.dependsOn.every((id) => seen.has(id));
    seen.add(change.id);
    return fits;
  });
}

function candidates({ cohorts, differences }: DeriveInput): DeferredChanges[] {
  const me = cohorts.find(({ me }) => me);
  if (!me) return [NOTHING_DEFERRED];
  const moves = me.from !== me.to;
  const written = differences.some((difference) => difference.kind === 'grants' && difference.key === me.to);
  return [
    NOTHING_DEFERRED,
    ...(moves ? [{ move: true, grants: null, split: false }] : []),
    ...(written
      ? [
          { move: false, grants: me.to, split: false },
          { move: false, grants: me.to, split: true },
        ]
      : []),
  ];
}

function refusalsOf(
  { excess, powerless, forbidden }: Simulation,
  { live, desired, cohorts }: DeriveInput,
): Refusal[] {
  const nameOf = (key: Parameters<typeof roleAt>[1]): string =>
    (desired.state.roles.get(key) ?? roleAt(live, key)).name;
  const refusals = forbidden.map(({ role, rule }) =>
    rule === 'default'
      ? refusal(
          'default-forbidden',
          `role "${nameOf(role)}" would be the default role while it holds ${MANAGE_ROLES}, which Domo forbids`,
          {
            key: 'defaultRole',
            items: [nameOf(role)],
            hint: 'make two plans: first the grants, then the default role',
          },
        )
      : refusal(
          'allowlist-forbidden',
          `role "${nameOf(role)}" would stand on the allowlist while it holds ${MANAGE_ROLES}, which Domo forbids`,
          {
            key: 'allowlist',
            items: [nameOf(role)],
            hint: 'take it off the allowlist, or leave out the grant',
          },
        ),
  );
  if (powerless !== null) {
    refusals.push(
      refusal('self-lockout', `the acting person would lose ${MANAGE_ROLES} before the last write`, {
        items: [powerless],
        hint: 'make two plans, or apply with the token of an administrator who keeps it',
      }),
    );
  } else if (excess.length > 0 && refusals.length === 0) {
    if (cohorts.some(({ me }) => me)) {
      refusals.push(
        refusal(
          'self-lockout',
          `${MANAGE_ROLES} can be taken from the acting person neither last nor earlier`,
          {
            hint: 'make two plans, or apply with the token of an administrator who keeps it',
          },
        ),
      );
    } else {
      throw new ProblemError(
        problem('internal', 'no order of these changes keeps everybody within what they had or will have'),
      );
    }
  }
  return refusals;
}
