import { grantSet } from '../../model/grant.js';
import type { Grant } from '../../model/grant.js';
import type { RoleKey } from '../../model/role.js';
import { roleAt } from '../../model/state.js';
import type { DeriveInput } from './derive-input.js';
import type { StageInput } from './stage-grants.js';

/** What those who leave a role will hold, and what those who enter it hold now. */
export type Transition = Pick<StageInput, 'leavers' | 'enterers'>;

/** Who passes through each role; walked once, since every role whose grants change asks for it. */
export function transitionsOf({
  live,
  desired,
  cohorts,
}: Pick<DeriveInput, 'live' | 'desired' | 'cohorts'>): (key: RoleKey) => Transition {
  const leavers = new Map<RoleKey, ReadonlySet<Grant>[]>();
  const enterers = new Map<RoleKey, ReadonlySet<Grant>[]>();
  for (const { from, to } of cohorts) {
    if (from === to) continue;
    push(leavers, from, grantSet(roleAt(desired.state, to).grants));
    push(enterers, to, grantSet(roleAt(live, from).grants));
  }
  return (key) => ({ leavers: leavers.get(key) ?? [], enterers: enterers.get(key) ?? [] });
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
