import type { Dependencies } from '../../model/closure.js';
import { grantSet } from '../../model/grant.js';
import type { Grant } from '../../model/grant.js';
import { addTo } from '../../model/group.js';
import { isOrdinary } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import type { Role, RoleKey } from '../../model/role.js';
import type { State } from '../../model/state.js';

/** A state, indexed for checking rules. */
export interface RuleView {
  roles: readonly Role[];
  defaultRole: RoleKey;
  /** The grants of a role. In the end state, lists to be written include their dependencies, which an instance may add. */
  holds: (role: Role) => ReadonlySet<Grant>;
  /** The people of a role without support and system accounts. */
  people: (key: RoleKey) => readonly Person[];
  /** The names by which rules can refer to a role. */
  names: (role: Role) => readonly string[];
  /** The role that a rule refers to by a name. */
  named: (name: string) => Role | null;
}

/** The two states of a plan, indexed for checking rules. */
export interface RuleViews {
  live: RuleView;
  end: RuleView;
}

/**
 * Indexes both states. Rules use end-state names; a live role also matches by its live name, so that a rule that a rename
 * violates counts as valid before it. People are grouped by role once, and only if a rule needs it.
 */
export function ruleViews(live: State, end: State, dependencies: Dependencies): RuleViews {
  const [liveNames, endNames] = [byName(live), byName(end)];
  return {
    end: {
      roles: [...end.roles.values()],
      defaultRole: end.defaultRole,
      holds: (role) => (isWritten(role, live) ? dependencies.closure(role.grants) : grantSet(role.grants)),
      people: peopleByKey(end),
      names: ({ name }) => [name],
      named: (name) => endNames.get(name) ?? null,
    },
    live: {
      roles: [...live.roles.values()],
      defaultRole: live.defaultRole,
      holds: ({ grants }) => grantSet(grants),
      people: peopleByKey(live),
      names: ({ key, name }) => [name, end.roles.get(key)?.name ?? name],
      named: (name) => {
        const key = endNames.get(name)?.key;
        return liveNames.get(name) ?? (key === undefined ? null : (live.roles.get(key) ?? null));
      },
    },
  };
}

/** Does the plan write the grants of this role? */
export function isWritten({ key, grants }: Role, live: State): boolean {
  const before = live.roles.get(key)?.grants;
  if (before === undefined) return true;
  return (
    before !== grants && (before.length !== grants.length || before.some((one, at) => one !== grants[at]))
  );
}

function byName({ roles }: State): ReadonlyMap<string, Role> {
  return new Map([...roles.values()].map((role) => [role.name, role]));
}

function peopleByKey({ people }: State): RuleView['people'] {
  let found: ReadonlyMap<RoleKey, readonly Person[]> | null = null;
  return (key) => (found ??= groupPeople(people)).get(key) ?? [];
}

function groupPeople({ read, of }: State['people']): ReadonlyMap<RoleKey, readonly Person[]> {
  const groups = new Map<RoleKey, Person[]>();
  for (const person of read) {
    const key = isOrdinary(person) ? of(person) : undefined;
    if (key !== undefined) addTo(groups, key, person);
  }
  return groups;
}
