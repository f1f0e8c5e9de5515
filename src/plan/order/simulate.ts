import equal from 'fast-deep-equal';
import { addTo } from '../../model/group.js';
import { keyOf } from '../../model/role-id.js';
import type { RoleKey } from '../../model/role-id.js';
import type { ChangeId } from '../change-id.js';
import type { OrderedChange } from '../change.js';
import { accessBounds, excessOf, forbiddenBy, canStillManageRoles, missingOf } from './checkers.js';
import type { AccessGap, Excess, ForbiddenChange } from './checkers.js';
import type { Cohort } from './cohorts.js';
import { instanceModel } from './instance-model.js';
import type { InstanceModel, ModelInput } from './instance-model.js';

/** The findings of a simulation. */
export interface Simulation {
  /** Must be empty. */
  excess: readonly Excess[];
  gaps: readonly AccessGap[];
  /** The change that takes `authorization.roles` from the acting person before the last change; null if none does. */
  powerless: ChangeId | null;
  /** Changes that the instance's own rules would reject. */
  forbidden: readonly ForbiddenChange[];
}

/**
 * Performs the changes on a model of the instance. After each it checks the access of every cohort (P1, P2), the acting
 * person's right to manage roles, and Domo's rules for the default role and the allowlist.
 */
export function simulate(changes: readonly OrderedChange[], input: ModelInput): Simulation {
  const model = instanceModel(input);
  const access = accessChecks(changes, model);
  const acting = input.cohorts.find(({ me }) => me);
  const startsWithPower = canStillManageRoles(acting, model);
  const forbidden: ForbiddenChange[] = [];
  let powerless: ChangeId | null = null;
  for (const [index, change] of changes.entries()) {
    forbidden.push(...forbiddenBy(change, model));
    access.check(model.perform(change), change.id);
    const isLast = index === changes.length - 1;
    if (startsWithPower && !isLast && !canStillManageRoles(acting, model)) powerless ??= change.id;
  }
  return { excess: access.excess, gaps: access.gaps, powerless, forbidden };
}

interface AccessChecks {
  /** Checks cohorts that are in one role. */
  check: (cohorts: readonly Cohort[], after: ChangeId) => void;
  excess: readonly Excess[];
  gaps: readonly AccessGap[];
}

/** Collects excess and missing grants of cohorts. A gap that continues over several changes counts once. */
function accessChecks(changes: readonly OrderedChange[], model: InstanceModel): AccessChecks {
  const written = new Set<RoleKey>();
  for (const change of changes) if (change.kind === 'grants.set') written.add(keyOf(change.roleId));
  const boundsOf = accessBounds(written, model.closureOf);
  const excess: Excess[] = [];
  const gaps: AccessGap[] = [];
  const gapsOf = new Map<Cohort, AccessGap[]>();
  const isKnown = ({ cohort, role, grants }: AccessGap): boolean =>
    gapsOf.get(cohort)?.some((one) => one.role === role && equal(one.grants, grants)) ?? false;
  return {
    excess,
    gaps,
    check: (touched, changeId) => {
      const [first] = touched;
      if (!first) return;
      const role = model.roleOf(first);
      const held = model.held(role);
      const sent = model.sent(role);
      for (const cohort of touched) {
        const bounds = boundsOf(cohort);
        const arrived = cohort.to === role;
        const more = excessOf(held, bounds, arrived);
        if (more.length > 0) excess.push({ cohort, grants: more, after: changeId });
        const missing = missingOf(sent, bounds, arrived);
        if (missing.length === 0) continue;
        const gap: AccessGap = { cohort, role, grants: missing, since: changeId };
        if (isKnown(gap)) continue;
        addTo(gapsOf, cohort, gap);
        gaps.push(gap);
      }
    },
  };
}
