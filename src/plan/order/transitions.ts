import { grantSet } from '../../model/grant.js';
import type { Grant } from '../../model/grant.js';
import type { RoleKey } from '../../model/role.js';
import { addTo } from '../../model/group.js';
import type { DeriveInput } from './derive-input.js';
import type { StageInput } from './stage-grants.js';

/** The future grants of people who leave a role, and the present grants of people who enter it. */
type Transition = Pick<StageInput, 'leavers' | 'enterers'>;

/** Indexes the people who leave and enter each role. Built once, for all roles whose grants change. */
export function transitionsOf({ cohorts }: Pick<DeriveInput, 'cohorts'>): (key: RoleKey) => Transition {
  const leavers = new Map<RoleKey, ReadonlySet<Grant>[]>();
  const enterers = new Map<RoleKey, ReadonlySet<Grant>[]>();
  for (const { from, to, before, after } of cohorts) {
    if (from === to) continue;
    addTo(leavers, from, grantSet(after));
    addTo(enterers, to, grantSet(before));
  }
  return (key) => ({ leavers: leavers.get(key) ?? [], enterers: enterers.get(key) ?? [] });
}
