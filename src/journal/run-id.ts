/** The id of a run and the name of its folder: `20260131T081500000Z-1a2b3c`. Never parsed. */
export type RunId = string & { readonly brand: 'RunId' };

/** What a run id is made from: the time in milliseconds since the epoch, and a random text. */
export interface RunNaming {
  now: number;
  /** Returns six or more random lower-case letters or digits. */
  random: () => string;
}

/** Sorting ids by code unit sorts them by time. */
const FORM = /^\d{8}T\d{9}Z-[0-9a-z]{6,32}$/u;

/** The run of an outcome. `dry-run`, and `none` for a run with nothing to do, have no folder. */
export type OutcomeRunId = RunId | 'dry-run' | 'none';

/** Makes a new id. */
export function newRunId({ now, random }: RunNaming): RunId {
  const text = `${new Date(now).toISOString().replace(/[-:.]/gu, '')}-${random()}`;
  const id = asRunId(text);
  if (id === null) throw new TypeError(`not the id of a run: ${text}`);
  return id;
}

/** Checks that a text is a run id; null otherwise. Prevents paths that leave the folder of runs. */
export function asRunId(text: string): RunId | null {
  return FORM.test(text) ? (text as RunId) : null;
}
