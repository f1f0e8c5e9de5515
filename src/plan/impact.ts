import type { Catalogue, Grant } from '../model/grant.js';
import { byCodeUnit } from '../model/grant.js';
import type { Person } from '../model/person.js';
import { grantSets, roleAt } from '../model/state.js';
import type { State } from '../model/state.js';
import type { Flow } from './flow.js';
import type { Impact, PlanPerson } from './plan.js';

/** Who gains and who loses a grant, by flows: what holds for one of a flow holds for all. Nobody is cut off. */
export interface GrantShift {
  gains: Flow[];
  loses: Flow[];
}

/** For each grant, who gains and who loses it, over what each person can do before and after. */
export function grantShifts(live: State, end: State, flows: readonly Flow[]): ReadonlyMap<Grant, GrantShift> {
  const shifts = new Map<Grant, GrantShift>();
  const shift = (grant: Grant): GrantShift => {
    const known = shifts.get(grant);
    if (known) return known;
    const made: GrantShift = { gains: [], loses: [] };
    shifts.set(grant, made);
    return made;
  };
  const setBefore = grantSets(live);
  const setAfter = grantSets(end);
  for (const flow of flows) {
    const before = roleAt(live, flow.from).grants;
    const after = roleAt(end, flow.to).grants;
    if (before === after) continue;
    const had = setBefore(flow.from);
    const has = setAfter(flow.to);
    for (const grant of after) if (!had.has(grant)) shift(grant).gains.push(flow);
    for (const grant of before) if (!has.has(grant)) shift(grant).loses.push(flow);
  }
  return shifts;
}

/** What moving means for people: the protected grants that they gain, and whether they lose any. */
export interface MoveShift {
  gained: readonly Grant[];
  loses: boolean;
}

/** By the first person of every flow that moves and gains a protected grant or loses one. */
export function moveShifts(
  shifts: ReadonlyMap<Grant, GrantShift>,
  isProtected: ReadonlySet<Grant>,
): ReadonlyMap<number, MoveShift> {
  const found = new Map<number, { gained: Grant[]; loses: boolean }>();
  const of = ({ people: [first = 0] }: Flow): { gained: Grant[]; loses: boolean } => {
    const known = found.get(first) ?? { gained: [], loses: false };
    found.set(first, known);
    return known;
  };
  for (const [grant, { gains, loses }] of shifts) {
    if (isProtected.has(grant))
      for (const flow of gains) if (flow.from !== flow.to) of(flow).gained.push(grant);
    for (const flow of loses) if (flow.from !== flow.to) of(flow).loses = true;
  }
  return found;
}

/** How an impact report is made. */
export interface ImpactOptions {
  catalogue: Catalogue;
  people: ReadonlyMap<number, Person>;
  isProtected: ReadonlySet<Grant>;
  /** How many names a list may hold; the counts tell the rest. Lists of protected grants hold everybody. */
  limit: number;
}

/** Shifts as a report: protected grants first, then by name. */
export function impactOf(
  shifts: ReadonlyMap<Grant, GrantShift>,
  { catalogue, people, isProtected, limit }: ImpactOptions,
): Impact[] {
  const titles = new Map(catalogue.map((entry) => [entry.grant, entry.title]));
  const named = namer(shifts, people);
  return [...shifts]
    .map(([grant, { gains, loses }]): Impact => {
      const guarded = isProtected.has(grant);
      const most = guarded ? Infinity : limit;
      return {
        grant,
        title: titles.get(grant) ?? null,
        protected: guarded,
        gains: named(gains, most),
        loses: named(loses, most),
        gainCount: count(gains),
        loseCount: count(loses),
      };
    })
    .sort((a, b) => Number(b.protected) - Number(a.protected) || byCodeUnit(a.grant, b.grant));
}

function count(flows: readonly Flow[]): number {
  return flows.reduce((sum, flow) => sum + flow.people.length, 0);
}

/**
 * Names the people of flows, sorted by address. Everybody is sorted once, over all grants; a list then only
 * sorts numbers, since most people stand in dozens of lists.
 */
function namer(
  shifts: ReadonlyMap<Grant, GrantShift>,
  people: ReadonlyMap<number, Person>,
): (flows: readonly Flow[], most: number) => PlanPerson[] {
  const ranks = new Map<Flow, number[]>();
  const all: { person: PlanPerson; email: string; ranks: number[] }[] = [];
  const open = (flow: Flow): void => {
    if (ranks.has(flow)) return;
    const own: number[] = [];
    ranks.set(flow, own);
    for (const id of flow.people) {
      const email = people.get(id)?.email ?? null;
      all.push({ person: { id, email }, email: email ?? '', ranks: own });
    }
  };
  for (const { gains, loses } of shifts.values()) {
    gains.forEach(open);
    loses.forEach(open);
  }
  all.sort((a, b) => byCodeUnit(a.email, b.email) || a.person.id - b.person.id);
  all.forEach((one, rank) => one.ranks.push(rank));
  return (flows, most) => {
    const list = new Uint32Array(count(flows));
    let at = 0;
    for (const flow of flows) for (const rank of ranks.get(flow) ?? []) list[at++] = rank;
    const first = list.sort().subarray(0, Math.min(most, list.length));
    return Array.from(first, (rank) => (all[rank] as (typeof all)[number]).person);
  };
}
