import type { Limit } from '../model/policy.js';
import type { Refusal } from '../model/refusal.js';
import type { FleetTry } from './agree.js';
import type { FleetRow, FleetWave } from './document.js';
import { goesInWaves } from './exit.js';
import { fleetRefusals } from './limits.js';
import { judgeWave } from './waves.js';
import type { WaveRule } from './waves.js';

/** The refusals of the merged fleet. Plans are checked again; an apply keeps the refusals of its shards. */
export function mergedRefusals(tries: readonly FleetTry[], rows: readonly FleetRow[]): Refusal[] {
  const { command, inventory } = (tries[0] as FleetTry).document;
  if (command === 'plan') return fleetRefusals(inventory, rows);
  if (!goesInWaves(command)) return [];
  const ofShards = unique(lastTries(tries).flatMap(({ document }) => document.refusals));
  if (ofShards.length === 0 || rows.some(hasWritten)) return ofShards;
  // Nothing was written, so the shards' refusals show what a single run would have been refused.
  const wouldChange = new Set(ofShards.flatMap(({ code, items }) => (code === 'max-instances' ? items : [])));
  const asPlanned = rows.map(({ instance }) => ({
    instance,
    status: wouldChange.has(instance) ? ('changes' as const) : ('clean' as const),
  }));
  const whole = fleetRefusals(inventory, asPlanned);
  const codes = new Set(whole.map(({ code }) => code));
  return ofShards.every(({ code }) => codes.has(code)) ? whole : ofShards;
}

/** The state of the merged run when its waves are judged. */
interface Judging {
  rows: readonly FleetRow[];
  refusals: readonly Refusal[];
  /** The waves of the inventory; empty if it could not be read. */
  known: readonly WaveRule[];
}

/** The waves of an apply, judged over the rows of all shards. */
export function mergedWaves(tries: readonly FleetTry[], { rows, refusals, known }: Judging): FleetWave[] {
  const { command } = (tries[0] as FleetTry).document;
  if (!goesInWaves(command) || (refusals.length > 0 && !rows.some(hasWritten))) return [];
  const rules = new Map(
    tries.flatMap(({ document }) =>
      document.waves.map(({ name, limit }) => [name, { name, mayFail: limitFrom(limit) }]),
    ),
  );
  // A run that was killed has judged no wave.
  const open = new Set(tries.flatMap(({ document, isCutOff }) => (isCutOff ? wavesOf(document.rows) : [])));
  for (const rule of known) if (open.has(rule.name)) rules.set(rule.name, rules.get(rule.name) ?? rule);
  // A rollback undoes the last wave first.
  const inTurn = command === 'rollback' ? [...known].reverse() : known;
  const order = new Map(inTurn.map(({ name }, index) => [name, index]));
  return [...rules.values()]
    .sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0))
    .map((rule) =>
      judgeWave(
        rule,
        rows.filter(({ wave }) => wave === rule.name),
      ),
    );
}

const hasWritten = ({ sent, status, attempts }: FleetRow): boolean =>
  sent || status === 'done' || attempts.some((attempt) => attempt.sent);

const wavesOf = (rows: readonly FleetRow[]): string[] => rows.map(({ wave }) => wave);

/** The latest try of each shard. */
function lastTries(tries: readonly FleetTry[]): FleetTry[] {
  return [...new Map(tries.map((one) => [one.document.selection.shard?.index ?? 1, one])).values()];
}

function unique(refusals: readonly Refusal[]): Refusal[] {
  return [...new Map(refusals.map((one) => [JSON.stringify(one), one])).values()];
}

function limitFrom(limit: FleetWave['limit']): Limit {
  return typeof limit === 'number' ? { count: limit } : { percent: Number(limit.replace('%', '')), floor: 0 };
}
