import type { Dependencies } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import type { PersonId } from '../../model/ids.js';
import type { Person } from '../../model/person.js';
import { keyOf, liveKey } from '../../model/role.js';
import type { Role, RoleKey } from '../../model/role.js';
import type { OrderedChange } from '../change.js';
import type { RuleView, RuleViews } from './view.js';

/** A role during a simulated apply. Its fields change with each step. */
export interface RoleNow {
  readonly key: RoleKey;
  /** A temporary name counts as the previous name. */
  name: string;
  held: ReadonlySet<Grant>;
  /** Its people without support and system accounts. */
  people: Map<PersonId, Person>;
  /** False before it is created and after it is deleted. */
  isThere: boolean;
}

/** An instance during a simulated apply. */
export interface Progress {
  roles: () => Iterable<RoleNow>;
  isDefault: (key: RoleKey) => boolean;
  /** Performs a change; returns the roles concerned. */
  perform: (change: OrderedChange) => RoleNow[];
}

interface Moment {
  roles: Map<RoleKey, RoleNow>;
  /** The current roles of people who have moved. */
  moved: Map<PersonId, RoleNow>;
  defaultRole: RoleKey;
  dependencies: Dependencies;
}

/** The instance before the first change. */
export function openProgress({
  views,
  dependencies,
}: {
  views: RuleViews;
  dependencies: Dependencies;
}): Progress {
  const moment: Moment = {
    roles: new Map(views.live.roles.map((role) => [role.key, roleNow(role, views.live)])),
    moved: new Map(),
    defaultRole: views.live.defaultRole,
    dependencies,
  };
  return {
    roles: () => moment.roles.values(),
    isDefault: (key) => key === moment.defaultRole,
    perform: (change) => perform(change, moment),
  };
}

function roleNow(role: Role, view: RuleView): RoleNow {
  const people = new Map(view.people(role.key).map((person) => [person.id, person]));
  return { key: role.key, name: role.name, held: view.holds(role), people, isThere: true };
}

function perform(change: OrderedChange, moment: Moment): RoleNow[] {
  switch (change.kind) {
    case 'role.create': {
      const { after } = change;
      const key = keyOf(change.roleId);
      const role = { key, name: after.name, held: new Set(after.grants), people: new Map(), isThere: true };
      moment.roles.set(key, role);
      return [role];
    }
    case 'role.update':
      return change.step === 'temporary'
        ? []
        : edit(moment, liveKey(change.roleId), (role) => (role.name = change.after.name));
    case 'grants.set':
      return edit(
        moment,
        keyOf(change.roleId),
        (role) => (role.held = moment.dependencies.closure(change.after)),
      );
    case 'members.move':
      return move(change, moment);
    case 'defaultRole.set': {
      const before = moment.defaultRole;
      moment.defaultRole = keyOf(change.roleId);
      return [before, moment.defaultRole].flatMap((key) => moment.roles.get(key) ?? []);
    }
    case 'role.delete':
      return edit(moment, liveKey(change.roleId), (role) => (role.isThere = false));
    case 'allowlist.set':
      return [];
  }
}

function edit({ roles }: Moment, key: RoleKey, change: (role: RoleNow) => unknown): RoleNow[] {
  const role = roles.get(key);
  if (!role) return [];
  change(role);
  return [role];
}

function move(change: Extract<OrderedChange, { kind: 'members.move' }>, { roles, moved }: Moment): RoleNow[] {
  const target = roles.get(keyOf(change.roleId));
  if (!target) return [];
  const touched = new Set([target]);
  for (const { id, fromId } of change.people) {
    const from = moved.get(id) ?? roles.get(liveKey(fromId));
    const person = from?.people.get(id);
    moved.set(id, target);
    if (!from || !person) continue;
    from.people.delete(id);
    target.people.set(id, person);
    touched.add(from);
  }
  return [...touched];
}
