/** The name of a run and of its folder: `20260131T081500000Z-1a2b3c`. Made here and never taken apart. */
export type RunId = string & { readonly brand: 'RunId' };

/** What a run's id is made from: the time in milliseconds since the epoch, and chance. */
export interface RunNaming {
  now: number;
  /** Six or more lower-case letters or digits, new at each call. */
  random: () => string;
}

/** Ids that are sorted by code unit are sorted by time. */
const FORM = /^\d{8}T\d{9}Z-[0-9a-z]{6,32}$/u;

/** What an outcome names as its run. `dry-run`, and `none` for a plan without changes, have no folder. */
export type OutcomeRunId = RunId | 'dry-run' | 'none';

/** A new id. */
export function newRunId({ now, random }: RunNaming): RunId {
  const text = `${new Date(now).toISOString().replace(/[-:.]/gu, '')}-${random()}`;
  const id = asRunId(text);
  if (id === null) throw new TypeError(`not the id of a run: ${text}`);
  return id;
}

/** The text as an id; null where no run can have it, so that no text leads out of the folder of runs. */
export function asRunId(text: string): RunId | null {
  return FORM.test(text) ? (text as RunId) : null;
}
