import { accountText } from '../../model/person.js';
import { quotedName } from '../../model/quoted-name.js';
import { isEnd } from '../../model/standing.js';
import { refusal } from '../../model/refusal.js';
import { hasPassed, isUntil } from '../../model/until.js';
import { movesOf } from '../change.js';
import type { Move } from '../change.js';
import type { Plan, Refusal } from '../plan.js';

/**
 * Refuses a saved plan that moves people in by an entry that has ended at `now`, the start of the apply: the move is no
 * longer wanted, and a plan is applied as reviewed or not at all.
 */
export function passedEnds(plan: Pick<Plan, 'changes'>, now: string): Refusal[] {
  const passed = movesWithTargets(plan).filter(
    ({ move: { why, until } }) => why === 'listed' && until !== null && hasPassed(until, now),
  );
  if (passed.length === 0) return [];
  const people = passed.length === 1 ? '1 person' : `${passed.length} people`;
  const message = `the plan adds ${people} to roles until a time that has passed`;
  return [
    refusal('stale-plan', message, {
      figure: passed.length,
      items: passed.map(
        ({ move, role }) =>
          `${accountText(move)} was to be in role ${quotedName(role)} until ${move.until ?? ''}`,
      ),
      hint: 'make the plan again',
    }),
  ];
}

/** The first contradiction between the reason of a move, its `until` and the time of the plan; null if there is none. */
export function untilProblem(plan: Pick<Plan, 'changes' | 'madeAt' | 'onlyExpired'>): string | null {
  const moves = movesOf(plan.changes);
  if (moves.some((move) => !isConsistent(move, plan.madeAt)))
    return 'the end of a membership does not match the reason of its move';
  const isEndsAlone =
    plan.changes.every(({ kind }) => kind === 'members.move') && moves.every(({ why }) => isEnd(why));
  return plan.onlyExpired && !isEndsAlone ? 'it changes more than memberships that have ended' : null;
}

/** Moves for ended entries need a past `until`; moves into a role a future one. */
function isConsistent({ why, until }: Move, madeAt: string): boolean {
  if (until === null) return !isEnd(why);
  if (!isUntil(until)) return false;
  if (isEnd(why)) return hasPassed(until, madeAt);
  return why === 'listed' && !hasPassed(until, madeAt);
}

function movesWithTargets({ changes }: Pick<Plan, 'changes'>): { move: Move; role: string }[] {
  return changes.flatMap((change) =>
    change.kind === 'members.move' ? change.people.map((move) => ({ move, role: change.after.role })) : [],
  );
}
