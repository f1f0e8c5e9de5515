import type { Dependencies } from '../model/closure.js';
import type { Grant } from '../model/grant.js';
import { MANAGE_ROLES, grantList } from '../model/grant.js';
import { liveKey } from '../model/role.js';
import type { RoleKey } from '../model/role.js';
import { grantSets, roleAt } from '../model/state.js';
import type { AllowlistKeys, State } from '../model/state.js';
import type { Draft, PlanRoleId } from './change.js';
import type { Flow } from './flow.js';

/** Somebody goes without what they have both before and after. */
export interface Gap {
  flow: Flow;
  /** Where they are while it lasts. */
  role: RoleKey;
  grants: readonly Grant[];
  /** The change after which it begins. */
  since: string;
}

/** What walking through a plan, request by request, has shown. */
export interface Simulation {
  /** Somebody would for a moment hold more than before and after: must be empty. */
  excess: readonly { flow: Flow; grants: readonly Grant[]; after: string }[];
  gaps: readonly Gap[];
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
  flows: readonly Flow[];
  dependencies: Dependencies;
}

/**
 * Walks through the changes as the instance will see them and checks, after each, P1 and P2 for everybody,
 * the acting person's own power, and the rules about the default role and the allowlist.
 */
export function simulate(
  changes: readonly Draft[],
  { live, end, starts, flows, dependencies }: SimulationInput,
): Simulation {
  const lists = new Map<RoleKey, ReadonlySet<Grant>>();
  for (const [key, role] of live.roles) lists.set(key, new Set(role.grants));
  for (const [key, start] of starts) lists.set(key, new Set(start.grants));
  /** As sent, for P2: what an instance may add by itself does not count as had. */
  const sent = new Map(lists);
  const written = new Set<RoleKey>();
  const at = new Map<Flow, RoleKey>(flows.map((flow) => [flow, flow.from]));
  const inRole = new Map<RoleKey, Set<Flow>>();
  const entering = new Map<RoleKey, Set<Flow>>();
  for (const flow of flows) {
    (inRole.get(flow.from) ?? setIn(inRole, flow.from)).add(flow);
    if (flow.from !== flow.to) (entering.get(flow.to) ?? setIn(entering, flow.to)).add(flow);
  }
  const numbers = new Map(flows.map((flow, index) => [flow, index]));
  for (const change of changes) if (change.kind === 'grants.set') written.add(keyOf(change.roleId));

  const bounds = flowBounds({ live, end, dependencies, written });
  const excess: { flow: Flow; grants: Grant[]; after: string }[] = [];
  const gaps = new Map<string, Gap>();
  const look = (flow: Flow, change: Draft): void => {
    const role = at.get(flow) ?? flow.from;
    const { mayHold, missingFrom } = bounds(flow);
    const more: Grant[] = [];
    for (const grant of lists.get(role) ?? []) if (!mayHold(grant)) more.push(grant);
    if (more.length > 0) excess.push({ flow, grants: grantList(more), after: change.id });
    const missing = missingFrom(sent.get(role) ?? new Set());
    if (missing.length === 0) return;
    const known = `${numbers.get(flow)} ${role} ${missing.join(' ')}`;
    if (!gaps.has(known)) gaps.set(known, { flow, role, grants: missing, since: change.id });
  };

  const me = flows.find((flow) => flow.me);
  const hasPower = (): boolean =>
    me === undefined || (sent.get(at.get(me) ?? me.from)?.has(MANAGE_ROLES) ?? false);
  const startsWithPower = hasPower();
  let powerless: string | null = null;
  let defaultRole = live.defaultRole;
  let list: AllowlistKeys = live.allowlist;
  const forbidden: Simulation['forbidden'][number][] = [];
  const holds = (key: RoleKey): boolean => lists.get(key)?.has(MANAGE_ROLES) ?? false;
  const listed = (key: RoleKey): boolean => typeof list !== 'string' && list.includes(key);

  for (const [index, change] of changes.entries()) {
    switch (change.kind) {
      case 'grants.set': {
        const key = keyOf(change.roleId);
        const gains = !holds(key) && dependencies.closure(change.after).has(MANAGE_ROLES);
        if (gains && key === defaultRole) forbidden.push({ change: change.id, role: key, rule: 'default' });
        else if (gains && listed(key)) forbidden.push({ change: change.id, role: key, rule: 'allowlist' });
        lists.set(key, dependencies.closure(change.after));
        sent.set(key, new Set(change.after));
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
  /** May they hold this (P1)? What they had or will have, and what the instance adds to a list that is written. */
  mayHold: (grant: Grant) => boolean;
  /** What they have both before and after, and would now go without (P2). */
  missingFrom: (held: ReadonlySet<Grant>) => Grant[];
}

function flowBounds({
  live,
  end,
  dependencies,
  written,
}: Pick<SimulationInput, 'live' | 'end' | 'dependencies'> & { written: ReadonlySet<RoleKey> }): (
  flow: Flow,
) => Bounds {
  const setBefore = grantSets(live);
  const setAfter = grantSets({
    // What the instance adds to a list that is written is theirs in the end.
    roles: new Map(
      [...end.roles].map(([key, role]) => [
        key,
        written.has(key) ? { ...role, grants: [...role.grants, ...dependencies.closure(role.grants)] } : role,
      ]),
    ),
  });
  return ({ from, to }) => {
    const had = setBefore(from);
    const has = setAfter(to);
    const after = roleAt(end, to).grants;
    return {
      mayHold: (grant) => had.has(grant) || has.has(grant),
      missingFrom: (held) => after.filter((grant) => !held.has(grant) && had.has(grant)),
    };
  };
}

/** The key of a role as plans write it. */
export function keyOf(id: PlanRoleId): RoleKey {
  return typeof id === 'number' ? liveKey(id) : `+${id.slice('new:'.length)}`;
}

function setIn<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  const set = new Set<V>();
  map.set(key, set);
  return set;
}
