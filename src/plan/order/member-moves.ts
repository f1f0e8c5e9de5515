import type { Difference } from '../../diff/difference.js';
import { personAt } from '../../model/person.js';
import { planRoleId } from '../../model/role.js';
import type { Role, RoleKey } from '../../model/role.js';
import { byCodeUnit } from '../../model/sort.js';
import { roleAt } from '../../model/state.js';
import type { ChangeDraftOf, Move } from '../change.js';
import type { DeferredChanges, DeriveInput } from './derive-input.js';
import type { RoleId } from '../../model/ids.js';

type MoveDraft = ChangeDraftOf<'members.move'>;

/** The people who move into a role, either with everyone else or, for the acting person, last. */
interface Arrivals {
  role: Role;
  step: MoveDraft['step'];
  moves: Move[];
}

/** One change per target role, sorted by name; then the acting person's own move if it is deferred. */
export function memberMoves(input: DeriveInput, deferred: DeferredChanges): MoveDraft[] {
  const acting = new Set(input.cohorts.find(({ me }) => me)?.people.map(({ id }) => id));
  const arrivals = new Map<RoleKey, Arrivals>();
  const last: Arrivals[] = [];
  for (const difference of input.differences) {
    if (difference.kind !== 'placement') continue;
    const role = roleAt(input.desired.state, difference.to);
    const move = moveOf(difference, input);
    if (deferred.move && acting.has(difference.person)) {
      last.push({ role, step: 'last', moves: [move] });
      continue;
    }
    const known = arrivals.get(role.key);
    if (known) known.moves.push(move);
    else arrivals.set(role.key, { role, step: null, moves: [move] });
  }
  const sorted = [...arrivals.values()].sort((a, b) => byCodeUnit(a.role.name, b.role.name));
  return [...sorted, ...last].map(moveChange);
}

function moveOf(
  { person, from: fromKey }: Extract<Difference, { kind: 'placement' }>,
  { desired, live, people }: DeriveInput,
): Move {
  const from = roleAt(live, fromKey);
  return {
    id: person,
    email: personAt(people, person)?.email ?? null,
    from: from.name,
    fromId: from.id,
    why: desired.why.get(person) ?? 'listed',
    until: desired.until.get(person) ?? null,
  };
}

function moveChange({ role, step, moves }: Arrivals): MoveDraft {
  return {
    kind: 'members.move',
    step,
    role: role.name,
    roleId: planRoleId(role),
    before: countsByOrigin(moves),
    after: { role: role.name, people: moves.length },
    people: moves.sort((a, b) => a.id - b.id),
  };
}

/** The number of people from each role, sorted by name. Two live roles with the same name are counted separately. */
function countsByOrigin(moves: readonly Move[]): { role: string; people: number }[] {
  const counts = new Map<RoleId, { role: string; people: number }>();
  for (const { from, fromId } of moves) {
    const known = counts.get(fromId);
    if (known) known.people += 1;
    else counts.set(fromId, { role: from, people: 1 });
  }
  return [...counts]
    .sort(([one, a], [other, b]) => byCodeUnit(a.role, b.role) || one - other)
    .map(([, count]) => count);
}
