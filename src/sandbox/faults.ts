import type { Edit } from './edits.js';
import { SandboxUsageError } from './parse-quirks.js';
import { openRandom } from './random.js';

/** The faults that can be injected. */
export type FaultName =
  | '429'
  | '429-date'
  | '429-bare'
  | '500'
  | '502'
  | '503'
  | 'refused'
  | 'reset'
  | 'answer-lost'
  | 'answer-cut'
  | 'not-applied'
  | 'late-visibility'
  | 'short-list'
  | 'empty-list'
  | 'moving-total'
  | 'html-error'
  | 'malformed'
  | 'hung'
  | 'hung-after-write'
  | 'hung-body'
  | 'oversized'
  | 'someone-else';

/** What a fault does, and which requests it can affect. */
interface FaultInfo {
  name: FaultName;
  description: string;
  /** `lists` are all reads of lists, `pages` those that declare a total. */
  affects: 'any' | 'writes' | 'lists' | 'pages';
  /** For faults with a number: its unit and its default. */
  value?: { unit: 's' | 'ms' | 'entries' | 'MB'; preset: number };
}

/** Every fault, in the order of the documentation. */
export const FAULTS: readonly FaultInfo[] = [
  {
    name: '429',
    description: 'too many requests, with Retry-After in seconds',
    affects: 'any',
    value: { unit: 's', preset: 1 },
  },
  {
    name: '429-date',
    description: 'too many requests, with Retry-After as a date this many seconds ahead',
    affects: 'any',
    value: { unit: 's', preset: 1 },
  },
  { name: '429-bare', description: 'too many requests, without Retry-After', affects: 'any' },
  { name: '500', description: 'internal server error; the request is not executed', affects: 'any' },
  { name: '502', description: 'bad gateway; the request is not executed', affects: 'any' },
  { name: '503', description: 'service unavailable; the request is not executed', affects: 'any' },
  { name: 'refused', description: 'the connection is refused', affects: 'any' },
  { name: 'reset', description: 'the connection is reset before the request is executed', affects: 'any' },
  {
    name: 'answer-lost',
    description: 'the request is executed and the connection is reset before the response',
    affects: 'any',
  },
  {
    name: 'answer-cut',
    description: 'the request is executed and the connection is reset in the middle of the response',
    affects: 'any',
  },
  {
    name: 'not-applied',
    description: 'the response reports a write as done, but it is not executed',
    affects: 'writes',
  },
  {
    name: 'late-visibility',
    description: 'reads show a write only after this many milliseconds',
    affects: 'writes',
    value: { unit: 'ms', preset: 200 },
  },
  {
    name: 'short-list',
    description: 'a list lacks this many entries at its end; its declared total still counts them',
    affects: 'lists',
    value: { unit: 'entries', preset: 1 },
  },
  {
    name: 'empty-list',
    description: 'a list is empty, and its declared total is 0',
    affects: 'lists',
  },
  {
    name: 'moving-total',
    description: 'the declared total of a page is too high by this many',
    affects: 'pages',
    value: { unit: 'entries', preset: 1 },
  },
  {
    name: 'html-error',
    description: 'bad gateway as an HTML page; the request is not executed',
    affects: 'any',
  },
  {
    name: 'malformed',
    description: 'the request is executed and answered 200 with truncated JSON',
    affects: 'any',
  },
  { name: 'hung', description: 'the request is not executed and no response is sent', affects: 'any' },
  {
    name: 'hung-after-write',
    description: 'the request is executed and no response is sent',
    affects: 'any',
  },
  {
    name: 'hung-body',
    description: 'the request is executed and its response stops after the first bytes',
    affects: 'any',
  },
  {
    name: 'oversized',
    description: 'a JSON response of this many megabytes',
    affects: 'any',
    value: { unit: 'MB', preset: 64 },
  },
  {
    name: 'someone-else',
    description: 'just before the request, another person changes the instance',
    affects: 'any',
  },
];

/** A fault, and the matching requests that it affects: `times` of them from the nth on, or at random. */
export interface Fault {
  name: FaultName;
  value?: number;
  method?: string;
  /** A regular expression for the path, without the query. */
  path?: string;
  /** The first matching request to affect, counted from 1. Default 1. */
  nth?: number;
  /** Number of matching requests to affect; 0 for no limit. Default 1; with `rate` no limit. */
  times?: number;
  /** Probability for each matching request, from 0 to 1. Decided by the sandbox's seed. */
  rate?: number;
  /** For `someone-else`: the edit. Default: a random harmless one. */
  edit?: Edit;
}

/** Decides which faults affect a request. */
export interface FaultPicker {
  /** Returns the faults of this request, in the order in which they were set. */
  pick(request: { method: string; path: string }): Fault[];
}

const LIST = /\/(roles|authorities|users|user-audits|typeahead)\/?$/;
const SEARCH = /\/users\/search\/?$/;
const PAGE = /\/roles\/\d+\/users\/?$/;
const LOGIN = /\/authentication\/?$/;

/** Does a request write? A search and a login are POSTs that do not. */
export function isWrite(method: string, path: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && !SEARCH.test(path) && !LOGIN.test(path);
}

function canAffect(info: FaultInfo, method: string, path: string): boolean {
  switch (info.affects) {
    case 'any':
      return true;
    case 'writes':
      return isWrite(method, path);
    case 'lists':
      return (method === 'GET' && LIST.test(path)) || SEARCH.test(path);
    case 'pages':
      return (method === 'GET' && PAGE.test(path)) || SEARCH.test(path);
  }
}

/** Prepares faults for injection. Raises `SandboxUsageError` for an invalid one. */
export function armFaults(faults: readonly Fault[], seed: number): FaultPicker {
  const random = openRandom(seed);
  const armed = faults.map((fault) => {
    const info = infoOf(fault.name);
    const path = pathPattern(fault.path);
    const times = fault.times ?? (fault.rate === undefined ? 1 : 0);
    return {
      fault,
      info,
      path,
      first: fault.nth ?? 1,
      times: times === 0 ? Infinity : times,
      seen: 0,
      hits: 0,
    };
  });
  return {
    pick({ method, path }) {
      return armed.flatMap((entry) => {
        const { fault, info } = entry;
        if (fault.method !== undefined && fault.method.toUpperCase() !== method) return [];
        if (!entry.path.test(path) || !canAffect(info, method, path)) return [];
        entry.seen += 1;
        if (entry.seen < entry.first || entry.hits >= entry.times) return [];
        if (fault.rate !== undefined && random.next() >= fault.rate) return [];
        entry.hits += 1;
        return [fault];
      });
    },
  };
}

/** Returns the description of a fault. Raises `SandboxUsageError` for an unknown name. */
export function infoOf(name: string): FaultInfo {
  const info = FAULTS.find((candidate) => candidate.name === name);
  if (info) return info;
  const known = FAULTS.map((candidate) => candidate.name).join(', ');
  throw new SandboxUsageError(`unknown fault ${JSON.stringify(name)}; valid faults: ${known}`);
}

/** Compiles the path of a fault; undefined matches every path. Raises `SandboxUsageError` for an invalid regular expression. */
export function pathPattern(path: string | undefined): RegExp {
  try {
    return new RegExp(path ?? '');
  } catch {
    throw new SandboxUsageError(`the path of a fault is a regular expression, not ${JSON.stringify(path)}`);
  }
}
