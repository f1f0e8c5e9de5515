import { usageError } from '../problem/problem.js';
import { alternatives } from '../render/format/phrases.js';

/**
 * The flags that name an instance and its credential. The others of a connection, such as `--timeout` and `--verbose`, are
 * as true of no request as of many, and scripts give them to every command.
 */
const TARGET = ['instance', 'tokenFile', 'baseUrl', 'sandbox', 'tokenDir', 'tokens'] as const;

/** The message and the hint about a flag that has no effect. */
type Explain = (flag: string) => { message: string; hint: string };

/** Raises `usage` for the first of these flags that is given, because it has no effect: a run never ignores a flag. */
export function refuseUnused<F extends object>(
  flags: F,
  keys: readonly (keyof F & string)[],
  explain: Explain,
): void {
  const key = keys.find((one) => isGiven(flags[one]));
  if (key === undefined) return;
  const flag = flagName(key);
  const { message, hint } = explain(flag);
  throw usageError(message, { what: flag, hint });
}

/** Raises `usage` for a flag that names an instance in a run that connects to none. */
export function refuseConnection(flags: object, explain: Explain): void {
  refuseUnused(flags as Readonly<Record<string, unknown>>, TARGET, explain);
}

/** The same, where the flag `offline` names what is read instead of an instance. */
export function refuseConnectionFlags(flags: object, offline: string): void {
  refuseConnection(flags, (flag) => ({
    message: `${flag} cannot be combined with ${offline}, which works without an instance`,
    hint: `leave out ${flag}, or leave out ${offline} to read the instance`,
  }));
}

/** Raises `usage` for the flags of a probe in a doctor without one. */
export function refuseWithoutProbe<F extends object>(flags: F, keys: readonly (keyof F & string)[]): void {
  refuseUnused(flags, keys, (flag) => ({
    message: `${flag} needs --probe`,
    hint: 'doctor alone writes nothing and needs no file',
  }));
}

/** Raises `usage` for `--since` beside the flag `offline`, which names snapshots: they have no audit log. */
export function refuseSinceOffline(flags: { since?: unknown }, offline: string): void {
  refuseUnused(flags, ['since'], (flag) => ({
    message: `${flag} cannot be combined with ${offline}: a snapshot has no audit log`,
    hint: `leave out ${flag}`,
  }));
}

/** Formats that group by owner. */
const GROUPED = ['text', 'markdown', 'html'];

/** Raises `usage` for `--group-by` if no output, on stdout or in a file, groups anything. */
export function refuseUngrouped(flags: { groupBy?: unknown }, formats: readonly string[]): void {
  if (formats.some((format) => GROUPED.includes(format))) return;
  refuseUnused(flags, ['groupBy'], (flag) => ({
    message: `${flag} needs ${alternatives(GROUPED)}, and no output has this format`,
    hint: `add --report html=FILE, or leave out ${flag}`,
  }));
}

/** A flag as it is written on the command line: `--token-file` for `tokenFile`. */
export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Has a flag an effect? `--memory=false` and an empty list are as good as no flag. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}
