import type { ChangeId } from '../change-id.js';
import type { OrderedChange } from '../change.js';
import { MANAGE_ROLES } from '../../model/grant.js';
import { quotedName } from '../../model/quoted-name.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import { roleAt } from '../../model/state.js';
import { ProblemError, problem } from '../../problem/problem.js';
import type { AccessGap, ForbiddenChange } from './checkers.js';
import type { DeferredChanges, DeriveInput } from './derive-input.js';
import { NOTHING_DEFERRED } from './derive-input.js';
import { deriveChanges } from './derive-changes.js';
import { simulate } from './simulate.js';
import type { Simulation } from './simulate.js';

/** The changes in a sound order, or the refusals that explain why there is none. */
export interface ChosenOrder {
  changes: readonly OrderedChange[];
  gaps: readonly AccessGap[];
  refusals: readonly Refusal[];
}

/**
 * Tries the plain order first, then orders that defer changes to the acting person's access to the end. Chooses the first
 * one that passes the simulation.
 */
export function chooseOrder(input: DeriveInput): ChosenOrder {
  let plain: TriedOrder | null = null;
  for (const deferred of candidates(input)) {
    const order = tryOrder(input, deferred);
    if (isSound(order.simulation) && isOrdered(order.changes))
      return { changes: order.changes, gaps: order.simulation.gaps, refusals: [] };
    plain ??= order;
  }
  if (!plain) throw new TypeError('no order was tried');
  const { changes, simulation } = plain;
  return { changes, gaps: simulation.gaps, refusals: refusalsOf(simulation, input) };
}

interface TriedOrder {
  changes: readonly OrderedChange[];
  simulation: Simulation;
}

function tryOrder(input: DeriveInput, deferred: DeferredChanges): TriedOrder {
  const { live, desired, cohorts, dependencies } = input;
  const changes = deriveChanges(input, deferred);
  const { starts } = desired;
  return { changes, simulation: simulate(changes, { live, starts, cohorts, dependencies }) };
}

function isSound({ excess, powerless, forbidden }: Simulation): boolean {
  return excess.length === 0 && powerless === null && forbidden.length === 0;
}

/** Does every change come after all of its dependencies? A delete, for example, must come after the move that empties its role. */
function isOrdered(changes: readonly OrderedChange[]): boolean {
  const seen = new Set<ChangeId>();
  return changes.every((change) => {
    const fits = change.dependsOn.every((id) => seen.has(id));
    seen.add(change.id);
    return fits;
  });
}

/** The orders to try, the simplest first. */
function candidates({ cohorts, differences }: DeriveInput): DeferredChanges[] {
  const acting = cohorts.find(({ me }) => me);
  if (!acting) return [NOTHING_DEFERRED];
  const { from, to } = acting;
  const isWritten = differences.some((difference) => difference.kind === 'grants' && difference.key === to);
  return [
    NOTHING_DEFERRED,
    ...(from === to ? [] : [{ move: true, grants: null, split: false }]),
    ...(isWritten ? [false, true].map((split) => ({ move: false, grants: to, split })) : []),
  ];
}

/** The reasons why no order is sound: Domo forbids a change, or the acting person would lose access too early. */
function refusalsOf({ excess, powerless, forbidden }: Simulation, input: DeriveInput): Refusal[] {
  const refusals = forbidden.map((one) => forbiddenRefusal(one, input));
  if (powerless !== null) return [...refusals, lostPower(powerless)];
  if (excess.length === 0 || refusals.length > 0) return refusals;
  if (input.cohorts.some(({ me }) => me)) return [noSafeMoment()];
  throw new ProblemError(
    problem('internal', 'in every order of these changes someone would hold more than before and after them'),
  );
}

function forbiddenRefusal({ role, rule }: ForbiddenChange, { live, desired }: DeriveInput): Refusal {
  const { name } = desired.state.roles.get(role) ?? roleAt(live, role);
  return rule === 'default'
    ? refusal(
        'default-forbidden',
        `role ${quotedName(name)} would be the default role while it holds ${MANAGE_ROLES}, which Domo forbids`,
        {
          key: 'defaultRole',
          items: [name],
          hint: 'make two plans: first the grants, then the default role',
        },
      )
    : refusal(
        'allowlist-forbidden',
        `role ${quotedName(name)} would be on the allowlist while it holds ${MANAGE_ROLES}, which Domo forbids`,
        { key: 'allowlist', items: [name], hint: 'remove it from the allowlist, or leave out the grant' },
      );
}

const LOCKOUT_HINT = 'make two plans, or apply with the token of an administrator who keeps it';

function lostPower(change: ChangeId): Refusal {
  return refusal('self-lockout', `the acting person would lose ${MANAGE_ROLES} before the last write`, {
    items: [change],
    hint: LOCKOUT_HINT,
  });
}

function noSafeMoment(): Refusal {
  return refusal(
    'self-lockout',
    `there is no safe moment to take ${MANAGE_ROLES} from the acting person, neither last nor earlier`,
    { hint: LOCKOUT_HINT },
  );
}
