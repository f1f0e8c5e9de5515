import { ALLOW_CODES } from '../plan/guards/allow.js';
import { INPUTS } from './input-table.js';
import type { Refusal } from '../plan/plan.js';
import type { Problem } from '../problem/problem.js';
import type { PlanDocument } from '../render/vocabulary.js';

/** Clauses about flags without an input, and what a step has instead. */
const CLAUSES: readonly (readonly [string, string])[] = [
  [', or use --token-file FILE', ', or the input token'],
  [
    '; or work on the embedded instance with --sandbox',
    '; a pull request from a fork gets no secrets: plan it with the input against',
  ],
  ['--token-dir or --tokens', '--token-dir'],
];

/** What is left as it is: quoted texts, and command lines, which a workflow cannot change but a person can run. */
const UNCHANGED =
  /"(?:[^"\\]|\\.)*"|`[^`]*`|\b(?:plan|apply|drift|doctor|export|report|rollback|runs|validate|merge|reset|who-can|get \w+)(?: [A-Z]+)? --[^,;:)]*/u;

/** A flag, with its value if one follows. */
const FLAG = new RegExp(
  `(?<flag>--[a-z-]+)(?: (?<value>[A-Z]{2,}(?:[:=][A-Z]+)?|(?:${ALLOW_CODES.join('|')})(?:=\\S+)?|[\\w*'-]+[:=][^\\s,;)]+))?`,
  'u',
);

/** Translates texts of the command for a step: what they call a flag, a workflow calls an input. */
interface InputNames {
  text: (text: string) => string;
  problem: (problem: Problem) => Problem;
  refusal: (refusal: Refusal) => Refusal;
}

/** The names of inputs for a step on one instance or on a fleet, where the folder of the documents has another name. */
export function inputNames({ isFleet }: { isFleet: boolean }): InputNames {
  const inputs = new Map([
    ...Object.keys(INPUTS).map((name) => [`--${name}`, name] as const),
    ['--out', isFleet ? 'out' : 'plan-file'],
    ['--snapshots', 'against'],
  ]);
  const text = (whole: string): string => translated(withClauses(whole), inputs);
  return {
    text,
    problem: (one) => ({
      ...one,
      message: text(one.message),
      ...(one.hint === undefined ? {} : { hint: text(one.hint) }),
      ...(one.where?.what === undefined ? {} : { where: { ...one.where, what: text(one.where.what) } }),
    }),
    refusal: (one) => ({
      ...one,
      message: text(one.message),
      hint: one.hint === null ? null : text(one.hint),
      flag: one.flag === null ? null : text(one.flag),
    }),
  };
}

/** A document of a step on one instance as the step shows it; the saved document names flags, for every reader. */
export function shownDocument(document: PlanDocument): PlanDocument {
  if (document.kind === 'drift') return document;
  const { refusal } = inputNames({ isFleet: false });
  return {
    ...document,
    refusals: document.refusals.map(refusal),
    allowed: document.allowed.map((one) => ({ ...one, ...refusal(one) })),
  };
}

function withClauses(text: string): string {
  return CLAUSES.reduce((result, [flags, instead]) => result.replaceAll(flags, instead), text);
}

function translated(text: string, inputs: ReadonlyMap<string, string>): string {
  let end = -2;
  return text.replace(new RegExp(`${UNCHANGED.source}|${FLAG.source}`, 'gu'), (found, ...rest) => {
    const groups = rest.at(-1) as { flag?: string; value?: string };
    const start = rest.at(-3) as number;
    const input = groups.flag === undefined ? undefined : inputs.get(groups.flag);
    if (input === undefined) return found;
    if (groups.value === undefined) return `the input ${input}`;
    const isNext = start === end + 1;
    end = start + found.length;
    return `${isNext ? 'and ' : ''}${input}: ${groups.value}`;
  });
}
