import type { Dependencies } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { MANAGE_ROLES, grantList, grantSet } from '../../model/grant.js';
import { keyOf } from '../../model/role-id.js';
import type { RoleKey } from '../../model/role-id.js';
import { roleAt } from '../../model/state.js';
import type { AllowlistKeys, State } from '../../model/state.js';
import type { OrderedChange } from '../change.js';
import type { Cohort } from './cohorts.js';

/** Somebody goes without what they have both before and after. */
export interface AccessGap {
  cohort: Cohort;
  /** Where they are while it lasts. */
  role: RoleKey;
  grants: readonly Grant[];
  /** The change after which it begins. */
  since: string;
}

/** What walking through a plan, request by request, has shown. */
export interface Simulation {
  /** Somebody would for a moment hold more than before and after: must be empty. */
  excess: readonly { flow: Cohort; grants: readonly Grant[]; after: string }[];
  gaps: readonly AccessGap[];
  /** The change that takes `authorization.roles` from the acting person while others still wait; null if none does. */
  powerless: string | null;
  /** Changes that the instance's own rules would refuse at that moment. */
  forbidden: readonly { change: string; role: RoleKey; rule: 'default' | 'allowlist' }[];
}

/** What a simulation starts from and ends in. */
export interface SimulationInput {
  live: State;
  end: State;
  /** What roles to be made hold at first. */
  starts: ReadonlyMap<RoleKey, { grants: readonly Grant[] }>;
  cohorts: readonly Cohort[];
  dependencies: Dependencies;
}

/**
 * Walks through the changes as the instance will see them and checks, after each, P1 and P2 for everybody,
 * the acting person's own power, and the rules about the default role and the allowlist.
 */
export function simulate(
  changes: readonly OrderedChange[],
  { live, end, starts, cohorts: flows, dependencies }: SimulationInput,
): Simulation {
  const first = (key: RoleKey): ReadonlySet<Grant> =>
    grantSet((starts.get(key) ?? live.roles.get(key))?.grants ?? NOTHING);
  /** What roles hold by now, where that is not what they began with. */
  const lists = new Map<RoleKey, ReadonlySet<Grant>>();
  /** As sent, for P2: what an instance may add by itself does not count as had. */
  const sent = new Map<RoleKey, ReadonlySet<Grant>>();
  const written = new Set<RoleKey>();
  const at = new Map<Cohort, RoleKey>(flows.map((flow) => [flow, flow.from]));
  const inRole = new Map<RoleKey, Set<Cohort>>();
  const entering = new Map<RoleKey, Set<Cohort>>();
  for (const flow of flows) {
    (inRole.get(flow.from) ?? setIn(inRole, flow.from)).add(flow);
    if (flow.from !== flow.to) (entering.get(flow.to) ?? setIn(entering, flow.to)).add(flow);
  }
  const numbers = new Map(flows.map((flow, index) => [flow, index]));
  for (const change of changes) if (change.kind === 'grants.set') written.add(keyOf(change.roleId));

  const closureOf = closures(dependencies);
  const bounds = (flow: Cohort): Bounds => boundsOf(flow, { live, end, written, closureOf });
  const excess: { flow: Cohort; grants: Grant[]; after: string }[] = [];
  const gaps = new Map<string, AccessGap>();
  const look = (flow: Cohort, change: OrderedChange): void => {
    const role = at.get(flow) ?? flow.from;
    const { had, has, after } = bounds(flow);
    const held = lists.get(role) ?? first(role);
    if (held !== had && held !== has) {
      const more = [...held].filter((grant) => !had.has(grant) && !has.has(grant));
      if (more.length > 0) excess.push({ flow, grants: grantList(more), after: change.id });
    }
    const now = sent.get(role) ?? first(role);
    if (now === had || now === grantSet(after)) return;
    const missing = after.filter((grant) => !now.has(grant) && had.has(grant));
    if (missing.length === 0) return;
    const known = JSON.stringify([numbers.get(flow), role, missing]);
    if (!gaps.has(known)) gaps.set(known, { cohort: flow, role, grants: missing, since: change.id });
  };

  const me = flows.find((flow) => flow.me);
  const powerOf = (role: RoleKey): ReadonlySet<Grant> => sent.get(role) ?? first(role);
  const hasPower = (): boolean => me === undefined || powerOf(at.get(me) ?? me.from).has(MANAGE_ROLES);
  const startsWithPower = hasPower();
  let powerless: string | null = null;
  let defaultRole = live.defaultRole;
  let list: AllowlistKeys = live.allowlist;
  const forbidden: Simulation['forbidden'][number][] = [];
  const holds = (key: RoleKey): boolean => (lists.get(key) ?? first(key)).has(MANAGE_ROLES);
  const listed = (key: RoleKey): boolean => typeof list !== 'string' && list.includes(key);

  for (const [index, change] of changes.entries()) {
    switch (change.kind) {
      case 'grants.set': {
        const key = keyOf(change.roleId);
        const after = closureOf(change.after);
        const gains = !holds(key) && after.has(MANAGE_ROLES);
        if (gains && key === defaultRole) forbidden.push({ change: change.id, role: key, rule: 'default' });
        else if (gains && listed(key)) forbidden.push({ change: change.id, role: key, rule: 'allowlist' });
        lists.set(key, after);
        sent.set(key, grantSet(change.after));
        for (const flow of inRole.get(key) ?? []) look(flow, change);
        break;
      }
      case 'members.move': {
        const key = keyOf(change.roleId);
        const moved = new Set(change.people.map((move) => move.id));
        for (const flow of entering.get(key) ?? []) {
          if (at.get(flow) === key || !moved.has(flow.people[0] ?? 0)) continue;
          inRole.get(flow.from)?.delete(flow);
          (inRole.get(key) ?? setIn(inRole, key)).add(flow);
          at.set(flow, key);
          look(flow, change);
        }
        break;
      }
      case 'defaultRole.set':
        defaultRole = keyOf(change.roleId);
        if (holds(defaultRole)) forbidden.push({ change: change.id, role: defaultRole, rule: 'default' });
        if (typeof list !== 'string') list = [...list, defaultRole];
        break;
      case 'allowlist.set':
        list = change.afterIds === null ? 'off' : change.afterIds.map(keyOf);
        for (const key of typeof list === 'string' ? [] : list)
          if (holds(key)) forbidden.push({ change: change.id, role: key, rule: 'allowlist' });
        break;
      case 'role.create':
      case 'role.update':
      case 'role.delete':
        break;
    }
    if (startsWithPower && powerless === null && !hasPower() && index < changes.length - 1)
      powerless = change.id;
  }
  return { excess, gaps: [...gaps.values()], powerless, forbidden };
}

/** What a flow is held to at every moment. */
interface Bounds {
  had: ReadonlySet<Grant>;
  /** What they will have, and what the instance adds to a list that is written: with `had` the most they may hold (P1). */
  has: ReadonlySet<Grant>;
  /** What they will have; what of it they had, they should never go without (P2). */
  after: readonly Grant[];
}

function boundsOf(
  { from, to }: Cohort,
  {
    live,
    end,
    written,
    closureOf,
  }: Pick<SimulationInput, 'live' | 'end'> & {
    written: ReadonlySet<RoleKey>;
    closureOf: (list: readonly Grant[]) => ReadonlySet<Grant>;
  },
): Bounds {
  const after = roleAt(end, to).grants;
  const had = grantSet(roleAt(live, from).grants);
  return { had, has: written.has(to) ? closureOf(after) : grantSet(after), after };
}

/** A list with all that it depends on; worked out once for each list. */
function closures(dependencies: Dependencies): (list: readonly Grant[]) => ReadonlySet<Grant> {
  const known = new Map<readonly Grant[], ReadonlySet<Grant>>();
  return (list) => {
    const hit = known.get(list);
    if (hit) return hit;
    const closure = dependencies.closure(list);
    known.set(list, closure);
    return closure;
  };
}

const NOTHING: readonly Grant[] = [];

function setIn<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  const set = new Set<V>();
  map.set(key, set);
  return set;
}
