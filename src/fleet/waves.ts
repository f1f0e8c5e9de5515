import type { Limit } from '../model/policy.js';
import { limitOf } from '../plan/guards/limits.js';
import type { FleetRow, FleetWave } from './document.js';
import { failuresOf } from './make-document.js';

/** A wave as defined in an inventory. */
export interface WaveRule {
  name: string;
  mayFail: Limit;
}

/** Judges a wave by its rows. Suspended instances do not count. */
export function judgeWave({ name, mayFail }: WaveRule, rows: readonly FleetRow[]): FleetWave {
  const active = rows.filter(({ status }) => status !== 'suspended');
  const failures = failuresOf(active);
  const limit = limitOf(mayFail, active.length);
  const left = active.filter(({ status }) => status === 'not-started').length;
  const state = failures > limit ? 'failed' : stateWithin({ left, all: active.length });
  return { name, instances: active.length, failures, mayFail: limit, limit: limitText(mayFail), state };
}

/** The state of a wave within its limit. `left` is the number of instances that were not started. */
function stateWithin({ left, all }: { left: number; all: number }): FleetWave['state'] {
  if (left === 0) return 'done';
  return left === all ? 'not-started' : 'not-finished';
}

function limitText(limit: Limit): number | string {
  return 'count' in limit ? limit.count : `${limit.percent}%`;
}

/** The reason why the waves after a failed one are not started. */
export function haltText({ name, failures, mayFail }: FleetWave): string {
  return `the wave ${name} has ${failures} ${failures === 1 ? 'failure' : 'failures'}, and may have ${mayFail}`;
}
