import type { Limit } from '../model/policy.js';
import type { FleetRow, FleetWave } from './document.js';
import { failuresOf } from './make-document.js';

/** A wave as an inventory defines it. */
export interface WaveRule {
  name: string;
  mayFail: Limit;
}

/** How many failures a wave of so many instances may have. */
export function allowedFailures(mayFail: Limit, instances: number): number {
  return 'count' in mayFail ? mayFail.count : Math.floor((mayFail.percent / 100) * instances);
}

/** What a wave's rows make of it. Suspended instances are not part of it. */
export function judgeWave({ name, mayFail }: WaveRule, rows: readonly FleetRow[]): FleetWave {
  const active = rows.filter(({ status }) => status !== 'suspended');
  const failures = failuresOf(active);
  const limit = allowedFailures(mayFail, active.length);
  const isStarted = active.some(({ status }) => status !== 'not-started') || active.length === 0;
  const state = failures > limit ? 'failed' : isStarted ? 'done' : 'not-started';
  return { name, instances: active.length, failures, mayFail: limit, limit: limitText(mayFail), state };
}

function limitText(limit: Limit): number | string {
  return 'count' in limit ? limit.count : `${limit.percent}%`;
}

/** Why the waves after a failed one are not started. */
export function haltText({ name, failures, mayFail }: FleetWave): string {
  return `the wave ${name} has ${failures} ${failures === 1 ? 'failure' : 'failures'}, and may have ${mayFail}`;
}
