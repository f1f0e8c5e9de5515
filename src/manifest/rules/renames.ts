import { problem } from '../../problem/problem.js';
import type { DraftRole } from '../draft.js';
import type { Place } from '../yaml-values.js';
import { wrongAndOther } from './blame.js';
import { cyclesOf } from './rings.js';
import { named, placeText, type Rule } from './rule.js';

/** An old name is claimed once. */
export const claimedOnce: Rule = {
  rule: 'no two roles are renamed from one old name',
  check: (draft) => {
    const claims = new Map<string, { role: DraftRole; at: Place }>();
    return [...draft.roles.values()].flatMap((role) =>
      role.renamedFrom.flatMap(({ value, at }) => {
        const first = claims.get(value);
        if (!first) claims.set(value, { role, at });
        if (!first || first.role === role) return [];
        const { wrong, other } = wrongAndOther(draft, first.at, at);
        const [one, keeper] = wrong === at ? [role, first.role] : [first.role, role];
        const message = `role ${named(one.name)} is renamed from ${named(value)}, as is role ${named(keeper.name)} in ${placeText(other)}`;
        return [problem('rename-claim', message, { where: wrong, hint: 'let one role have the old name' })];
      }),
    );
  },
};

/** A ring of names says nothing about which role is which, unless each is pinned. */
export const renameCycles: Rule = {
  rule: 'renamedFrom goes round in a circle only where every role in it has an id',
  check: (draft) => {
    const next = (name: string) => (draft.roles.get(name)?.renamedFrom ?? []).map(({ value }) => value);
    return cyclesOf([...draft.roles.keys()], next).flatMap((ring) => {
      const roles = ring.flatMap((name) => draft.roles.get(name) ?? []);
      if (roles.every((role) => role.id)) return [];
      const inRing = new Set(ring);
      // What a circle lacks is an id: the first role without one is the place.
      const unpinned = roles.find(({ id }) => !id);
      const at = unpinned?.renamedFrom.find(({ value }) => inRing.has(value))?.at ?? null;
      const names = ring.map(named).join(', ');
      const message =
        ring.length === 1
          ? `role ${names} is renamed from itself`
          : `renamedFrom goes round in a circle: ${names}`;
      const hint = ring.length === 1 ? 'take the name out of renamedFrom' : 'pin every role in it by its id';
      return [problem('rename-cycle', message, { where: at, hint })];
    });
  },
};
