import type { PolicyFile } from '../model/policy-overlay.js';
import type { Refusal } from '../plan/plan.js';
import { refusal } from '../model/refusal.js';
import { CODES, categoryOf } from '../problem/codes.js';
import { ProblemError, problem } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';

/** A manifest that is wrong, with what is needed to show where. */
export class InvalidManifest extends ProblemError {
  override readonly name = 'InvalidManifest';
  readonly files: readonly string[];
  /** Every file on disk that was looked at. */
  readonly inputs: readonly string[];
  readonly sources: ReadonlyMap<string, string>;

  constructor(
    problems: readonly Problem[],
    {
      files,
      sources,
      inputs = files,
    }: {
      files: readonly string[];
      sources: ReadonlyMap<string, string>;
      inputs?: readonly string[] | undefined;
    },
  ) {
    super(problems);
    this.files = files;
    this.inputs = inputs;
    this.sources = sources;
  }
}

/** Refused before the first write, with every refusal. */
export class Refused extends ProblemError {
  override readonly name = 'Refused';
  readonly refusals: readonly Refusal[];
  /** The policy file that it was judged by; null without one. */
  readonly policyFile: PolicyFile | null;

  constructor(refusals: readonly Refusal[], policyFile: PolicyFile | null = null) {
    super(refusals.map(asProblem));
    this.refusals = refusals;
    this.policyFile = policyFile;
  }
}

/** Raises `Refused` where there is a refusal. */
export function refuse(refusals: readonly Refusal[], policyFile: PolicyFile | null = null): void {
  if (refusals.length > 0) throw new Refused(refusals, policyFile);
}

/** The policy file that an error was judged by; null where there was none. */
export function policyFileOf(error: ProblemError): PolicyFile | null {
  return error instanceof Refused ? error.policyFile : null;
}

/** Refusals of an error: its own, or its problems of that kind. */
export function refusalsOf(error: ProblemError): readonly Refusal[] {
  if (error instanceof Refused) return error.refusals;
  const found = error.problems.filter((one) => categoryOf(one.code) === 'refusal');
  const byCode = new Map<string, Problem[]>();
  for (const one of found) byCode.set(one.code, [...(byCode.get(one.code) ?? []), one]);
  return [...byCode.values()].map((same) => {
    const [first] = same as [Problem, ...Problem[]];
    const message = same.length === 1 ? first.message : CODES[first.code].title;
    return refusal(first.code, message, {
      figure: same.length,
      items: same.map((one) => one.message),
      hint: first.hint ?? null,
    });
  });
}

function asProblem(one: Refusal): Problem {
  const facts = [
    ...one.items.slice(0, 20),
    ...(one.items.length > 20 ? [`and ${one.items.length - 20} more`] : []),
  ];
  const message = facts.length > 0 ? `${one.message}: ${facts.join('; ')}` : one.message;
  const hint = [one.hint, one.flag === null ? null : `for this run: ${one.flag} --reason TEXT`]
    .filter((part) => part !== null)
    .join('; ');
  return problem(one.code, message, {
    hint: hint === '' ? null : hint,
    ...(one.key === null ? {} : { where: { what: one.key } }),
  });
}
