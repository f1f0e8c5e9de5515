import { cyclesOf } from '../../model/cycles.js';
import { shownName } from '../../model/quoted-name.js';
import { problem } from '../../problem/problem.js';
import type { DraftRole } from '../draft/draft.js';
import { placeText, type Place } from '../yaml/yaml-values.js';
import { orderConflict } from './conflict.js';
import { inCycleText } from './grants.js';
import type { Rule } from './rule.js';

/** An old name is claimed once. */
export const oldNamesAreUnique: Rule = {
  rule: 'no two roles are renamed from one old name',
  check: (draft) => {
    const claims = new Map<string, { role: DraftRole; at: Place }>();
    return [...draft.roles.values()].flatMap((role) =>
      role.renamedFrom.flatMap(({ value, at }) => {
        const first = claims.get(value);
        if (!first) claims.set(value, { role, at });
        if (!first || first.role === role) return [];
        const { wrong, other } = orderConflict(draft, first.at, at);
        const [one, keeper] = wrong === at ? [role, first.role] : [first.role, role];
        const message = `role ${shownName(one.name)} is renamed from ${shownName(value)}, as is role ${shownName(keeper.name)} in ${placeText(other)}`;
        return [problem('rename-claim', message, { where: wrong, hint: 'let one role have the old name' })];
      }),
    );
  },
};

/** A cycle of renames is ambiguous unless every role in it is pinned. */
export const renameCycles: Rule = {
  rule: 'renamedFrom forms a cycle only where every role in it has an id',
  check: (draft) => {
    const next = (name: string) => (draft.roles.get(name)?.renamedFrom ?? []).map(({ value }) => value);
    return cyclesOf([...draft.roles.keys()], next).flatMap((cycle) => {
      const roles = cycle.flatMap((name) => draft.roles.get(name) ?? []);
      if (roles.every((role) => role.id)) return [];
      const inCycle = new Set(cycle);
      // A cycle lacks an id: the place is the first role without one.
      const unpinned = roles.find(({ id }) => !id);
      const at = unpinned?.renamedFrom.find(({ value }) => inCycle.has(value))?.at ?? null;
      const names = cycle.map((name) => inCycleText(draft, name, at)).join(', ');
      const message =
        cycle.length === 1 ? `role ${names} is renamed from itself` : `renamedFrom forms a cycle: ${names}`;
      const hint = cycle.length === 1 ? 'remove the name from renamedFrom' : 'pin every role in it by its id';
      return [problem('rename-cycle', message, { where: at, hint })];
    });
  },
};
