import { cyclesOf } from '../../model/cycles.js';
import { shownName } from '../../model/quoted-name.js';
import { isSystemRoleName } from '../../model/role.js';
import { didYouMean } from '../../model/suggest.js';
import { problem, warning } from '../../problem/problem.js';
import type { ManifestDraft } from '../draft/draft.js';
import type { Place } from '../yaml/yaml-values.js';
import { inOtherFile, type Rule } from './rule.js';

/** A grant set that a role uses exists. */
export const grantSetsExist: Rule = {
  rule: 'every grant set that a role takes in exists',
  check: (draft) =>
    [...draft.roles.values()].flatMap((role) =>
      (role.grants?.sets ?? []).flatMap(({ value, at }) => {
        if (draft.grantSets.has(value)) return [];
        const hint = didYouMean(value, draft.grantSets.keys()) ?? 'add it to grantSets';
        return [
          problem('unknown-grant-set', `there is no grant set ${shownName(value)}`, { where: at, hint }),
        ];
      }),
    ),
};

/** A role's grants cannot depend on themselves. */
export const noGrantCycles: Rule = {
  rule: 'from never forms a cycle',
  check: (draft) => {
    const next = (name: string) => (draft.roles.get(name)?.grants?.from ?? []).map(({ value }) => value);
    return cyclesOf([...draft.roles.keys()], next).map((cycle) => {
      const inCycle = new Set(cycle);
      const first = draft.roles.get(cycle[0] ?? '');
      const at = first?.grants?.from.find(({ value }) => inCycle.has(value))?.at ?? null;
      const names = cycle.map((name) => inCycleText(draft, name, at)).join(', ');
      const message =
        cycle.length === 1 ? `role ${names} takes its grants from itself` : `from forms a cycle: ${names}`;
      return problem('from-cycle', message, { where: at, hint: 'put what they share into a grant set' });
    });
  },
};

/** A role of a cycle in a message, with its place if it is in another file than the problem. */
export function inCycleText(draft: ManifestDraft, name: string, at: Place | null): string {
  const place = draft.roles.get(name)?.at;
  return `${shownName(name)}${place && at ? inOtherFile(place, at) : ''}`;
}

/** `basedOn` has an effect only if the role's list is not exact. */
export const basedOnHasEffect: Rule = {
  rule: 'basedOn is used with grants that are unmanaged or additive, and names another role',
  check: (draft) =>
    [...draft.roles.values()].flatMap((role) => {
      if (!role.basedOn || isSystemRoleName(role.name)) return [];
      const where = role.basedOn.at;
      if (role.basedOn.value === role.name) {
        return [
          problem('from-cycle', `role ${shownName(role.name)} is based on itself`, {
            where,
            hint: 'remove basedOn, or use another role',
          }),
        ];
      }
      if (role.grants?.mode !== 'exact') return [];
      const message = `"basedOn" of role ${shownName(role.name)} has no effect, as its grants are an exact list`;
      const hint = 'remove it, or write from: to hold what that role holds';
      return [warning('based-on-no-effect', message, { where, hint })];
    }),
};

/** Additive lists remove nothing. */
export const removeHasEffect: Rule = {
  rule: 'remove is used in exact lists only',
  check: (draft) =>
    [...draft.roles.values()].flatMap((role) => {
      const first = role.grants?.mode === 'additive' ? role.grants.remove[0] : undefined;
      if (!first) return [];
      const message = `"remove" of role ${shownName(role.name)} takes nothing away live, as its grants are additive`;
      return [
        warning('remove-no-effect', message, {
          where: first.at,
          hint: 'use mode: exact to take grants away',
        }),
      ];
    }),
};
