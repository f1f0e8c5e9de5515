import type { Grant } from '../../model/grant.js';
import { MANAGE_ROLES, grantList, grantSet } from '../../model/grant.js';
import { memoize } from '../../model/memoize.js';
import { keyOf } from '../../model/role-id.js';
import type { RoleKey } from '../../model/role-id.js';
import type { ChangeId } from '../change-id.js';
import type { OrderedChange } from '../change.js';
import type { Cohort } from './cohorts.js';
import type { InstanceModel } from './instance-model.js';

/** After a change, people hold grants that they hold neither before nor after the plan (violates P1). */
export interface Excess {
  cohort: Cohort;
  grants: readonly Grant[];
  /** The change after which they hold them. */
  after: ChangeId;
}

/** People temporarily lack grants that they hold both before and after the plan (violates P2). */
export interface AccessGap {
  cohort: Cohort;
  /** Their role meanwhile. */
  role: RoleKey;
  grants: readonly Grant[];
  /** The change after which it begins. */
  since: ChangeId;
}

/** A change that Domo rejects: the default role and roles on the allowlist must not hold `authorization.roles`. */
export interface ForbiddenChange {
  change: ChangeId;
  role: RoleKey;
  rule: 'default' | 'allowlist';
}

/** The bounds of a cohort's access during an apply. */
export interface AccessBounds {
  before: ReadonlySet<Grant>;
  /** The grants after the plan, with the dependencies that an instance may add. With `before`, the upper bound (P1). */
  most: ReadonlySet<Grant>;
  /** The grants after the plan. Those also in `before` must never be missing (P2). */
  after: ReadonlySet<Grant>;
}

/** The bounds of each cohort. A list counts with its dependencies only if the plan writes it. */
export function accessBounds(
  written: ReadonlySet<RoleKey>,
  closureOf: (list: readonly Grant[]) => ReadonlySet<Grant>,
): (cohort: Cohort) => AccessBounds {
  return ({ to, before, after }) => ({
    before: grantSet(before),
    most: written.has(to) ? closureOf(after) : grantSet(after),
    after: grantSet(after),
  });
}

/** What one set has beyond another, found once for each pair. */
const beyond = memoize((known: ReadonlySet<Grant>) =>
  memoize((set: ReadonlySet<Grant>) => [...set].filter((grant) => !known.has(grant))),
);

/**
 * P1: the held grants outside both bounds; sorted. All cohorts that start in a role share their grants before, and all
 * that arrive in it share the grants allowed after: comparing with these first leaves hardly any grant.
 */
export function excessOf(
  held: ReadonlySet<Grant>,
  { before, most }: AccessBounds,
  arrived: boolean,
): Grant[] {
  // Each list has one set, so comparing identities settles most cases.
  if (held === before || held === most) return [];
  const [shared, own] = arrived ? [most, before] : [before, most];
  return grantList(beyond(shared)(held).filter((grant) => !own.has(grant)));
}

/** P2: the missing grants that are held both before and after the plan; sorted. */
export function missingOf(
  sent: ReadonlySet<Grant>,
  { before, after }: AccessBounds,
  arrived: boolean,
): Grant[] {
  if (sent === before || sent === after) return [];
  const [shared, own] = arrived ? [after, before] : [before, after];
  return grantList(beyond(sent)(shared).filter((grant) => own.has(grant)));
}

/**
 * Checks a change against Domo's own rules, given the instance before it: a role that holds `authorization.roles` can be
 * neither the default role nor on the allowlist, and such a role cannot gain it (docs/reference/domo-api.md).
 */
export function forbiddenBy(change: OrderedChange, model: InstanceModel): ForbiddenChange[] {
  const manages = (role: RoleKey): boolean => model.held(role).has(MANAGE_ROLES);
  switch (change.kind) {
    case 'grants.set': {
      const role = keyOf(change.roleId);
      if (manages(role) || !model.closureOf(change.after).has(MANAGE_ROLES)) return [];
      if (role === model.defaultRole()) return [{ change: change.id, role, rule: 'default' }];
      const allowlist = model.allowlist();
      const isListed = typeof allowlist !== 'string' && allowlist.includes(role);
      return isListed ? [{ change: change.id, role, rule: 'allowlist' }] : [];
    }
    case 'defaultRole.set': {
      const role = keyOf(change.roleId);
      return manages(role) ? [{ change: change.id, role, rule: 'default' }] : [];
    }
    case 'allowlist.set':
      return (change.afterIds ?? [])
        .map(keyOf)
        .filter(manages)
        .map((role) => ({ change: change.id, role, rule: 'allowlist' }));
    case 'role.create':
    case 'role.update':
    case 'members.move':
    case 'role.delete':
      return [];
  }
}

/** Can the acting person still manage roles? True if the snapshot has no acting person. */
export function canStillManageRoles(acting: Cohort | undefined, model: InstanceModel): boolean {
  return acting === undefined || model.sent(model.roleOf(acting)).has(MANAGE_ROLES);
}
