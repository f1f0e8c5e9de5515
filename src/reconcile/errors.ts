import { groupBy } from '../model/group.js';
import type { PolicyFile } from '../model/policy-overlay.js';
import type { Refusal } from '../plan/plan.js';
import { refusal } from '../model/refusal.js';
import { CODES, categoryOf } from '../problem/codes.js';
import { ProblemError, problem } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';

/** An invalid manifest, with everything needed to show the places of its problems. */
export class InvalidManifest extends ProblemError {
  override readonly name = 'InvalidManifest';
  readonly files: readonly string[];
  /** Every file that was read. */
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
  /** The policy file in force; null without one. */
  readonly policyFile: PolicyFile | null;

  constructor(refusals: readonly Refusal[], policyFile: PolicyFile | null = null) {
    super(refusals.map(asProblem));
    this.refusals = refusals;
    this.policyFile = policyFile;
  }
}

/** Raises `Refused` if there are refusals. */
export function refuse(refusals: readonly Refusal[], policyFile: PolicyFile | null = null): void {
  if (refusals.length > 0) throw new Refused(refusals, policyFile);
}

/** The policy file in force for an error; null without one. */
export function policyFileOf(error: ProblemError): PolicyFile | null {
  return error instanceof Refused ? error.policyFile : null;
}

/** The refusals of an error: its own, or its problems in the category `refusal`. */
export function refusalsOf(error: ProblemError): readonly Refusal[] {
  if (error instanceof Refused) return error.refusals;
  const found = error.problems.filter((one) => categoryOf(one.code) === 'refusal');
  const byCode = groupBy(found, ({ code }) => code);
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
