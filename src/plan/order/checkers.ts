import type { Grant } from '../../model/grant.js';
import { MANAGE_ROLES, grantList, grantSet } from '../../model/grant.js';
import { keyOf } from '../../model/role-id.js';
import type { RoleKey } from '../../model/role-id.js';
import { roleAt } from '../../model/state.js';
import type { State } from '../../model/state.js';
import type { ChangeId } from '../change-id.js';
import type { OrderedChange } from '../change.js';
import type { Cohort } from './cohorts.js';
import type { InstanceModel } from './instance-model.js';

/** People hold, after a change, what they hold neither before nor after the plan (against P1). */
export interface Excess {
  cohort: Cohort;
  grants: readonly Grant[];
  /** The change after which they hold it. */
  after: ChangeId;
}

/** People go without what they hold both before and after the plan (against P2). */
export interface AccessGap {
  cohort: Cohort;
  /** The role that they are in while it lasts. */
  role: RoleKey;
  grants: readonly Grant[];
  /** The change after which it begins. */
  since: ChangeId;
}

/** A change that Domo refuses: the default role and roles on the allowlist must not manage roles. */
export interface ForbiddenChange {
  change: ChangeId;
  role: RoleKey;
  rule: 'default' | 'allowlist';
}

/** What a cohort is held to at every moment. */
export interface AccessBounds {
  before: ReadonlySet<Grant>;
  /** What they hold after the plan, and what an instance may add to it: with `before`, the most they may hold (P1). */
  most: ReadonlySet<Grant>;
  /** What they hold after the plan: what of it they hold before as well, they should never go without (P2). */
  after: readonly Grant[];
}

/** Bounds of each cohort; a list counts with its dependencies only if the plan writes it. */
export function accessBounds(
  { live, end }: { live: State; end: State },
  written: ReadonlySet<RoleKey>,
  closureOf: (list: readonly Grant[]) => ReadonlySet<Grant>,
): (cohort: Cohort) => AccessBounds {
  return ({ from, to }) => {
    const after = roleAt(end, to).grants;
    return {
      before: grantSet(roleAt(live, from).grants),
      most: written.has(to) ? closureOf(after) : grantSet(after),
      after,
    };
  };
}

/** P1: the grants that a list holds beyond both bounds; sorted. */
export function excessOf(held: ReadonlySet<Grant>, { before, most }: AccessBounds): Grant[] {
  // Sets are made once for each list, so most comparisons end here.
  if (held === before || held === most) return [];
  return grantList([...held].filter((grant) => !before.has(grant) && !most.has(grant)));
}

/** P2: the grants that a list lacks though they are held before and after. */
export function missingOf(sent: ReadonlySet<Grant>, { before, after }: AccessBounds): Grant[] {
  if (sent === before || sent === grantSet(after)) return [];
  return after.filter((grant) => !sent.has(grant) && before.has(grant));
}

/**
 * What Domo's own rules refuse of a change, given the instance before it: a role that holds
 * `authorization.roles` can be neither the default role nor on the allowlist, and a role that is either
 * cannot come to hold it (docs/reference/domo-api.md).
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

/** Can the acting person still manage roles? True where the snapshot has no acting person. */
export function keepsPower(acting: Cohort | undefined, model: InstanceModel): boolean {
  return acting === undefined || model.sent(model.roleOf(acting)).has(MANAGE_ROLES);
}
