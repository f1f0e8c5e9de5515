import type { ProblemCode } from './codes.js';

/** Where a problem is. Lines and columns count from 1. A live object is given by `what`. */
export interface Where {
  file?: string;
  line?: number;
  column?: number;
  /** End of the span in the same file, exclusive; for editors and SARIF. */
  endLine?: number;
  endColumn?: number;
  /** A live object, a request or a flag, in words: `role "Analyst"`, `GET /api/…`, `--out`. */
  what?: string;
}

/** Something that is wrong, or worth knowing: data, for a renderer to format. */
export interface Problem {
  code: ProblemCode;
  severity: 'error' | 'warning';
  /** One sentence in plain words, without a full stop at its end. Never holds a secret. */
  message: string;
  where?: Where;
  /** What to do about it. */
  hint?: string;
}

/** A place in brackets, to follow a name in a message: ` (domo-roles.yaml:12:5)`; '' if it is in no file. */
export function placeNote(where: Where | null): string {
  if (where?.file === undefined) return '';
  return ` (${[where.file, where.line, where.column].filter((part) => part !== undefined).join(':')})`;
}

/** The one error of this project: carries one or more problems and what caused them. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError';
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: { cause?: unknown }) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map((problem) => problem.message).join('; '), options);
    this.problems = list;
  }
}

/** The error for a wrong command line: `what` is the flag or argument that is wrong. */
export function usageError(
  message: string,
  { what, hint, cause }: { what?: string; hint?: string; cause?: unknown } = {},
): ProblemError {
  const wrong = problem('usage', message, {
    where: what === undefined ? null : { what },
    hint: hint ?? null,
  });
  return new ProblemError(wrong, cause === undefined ? undefined : { cause });
}

/** The error for a file that cannot be used. */
export function badFileError(
  message: string,
  { file, hint, cause }: { file?: string | null; hint?: string | undefined; cause?: unknown } = {},
): ProblemError {
  const where = file === undefined || file === null ? null : { file };
  const unusable = problem('bad-file', message, { where, hint: hint ?? null });
  return new ProblemError(unusable, cause === undefined ? undefined : { cause });
}

/** Is one of the problems of an error of this code? */
export function hasCode(error: unknown, code: ProblemCode): boolean {
  return error instanceof ProblemError && error.problems.some((one) => one.code === code);
}

/** The problems of an error as one sentence, without its warnings and what its class adds to its message. */
export function plainMessage({ problems }: ProblemError): string {
  return problems.flatMap(({ severity, message }) => (severity === 'error' ? [message] : [])).join('; ');
}

/** The last of each code and message, in the order of the first. */
export function uniqueByMessage<T extends { code: ProblemCode; message: string }>(found: readonly T[]): T[] {
  return [...new Map(found.map((one) => [`${one.code}\n${one.message}`, one])).values()];
}

/** Builds an error-level problem. */
export function problem(
  code: ProblemCode,
  message: string,
  rest: { where?: Where | null; hint?: string | null } = {},
): Problem {
  return build('error', code, message, rest);
}

/** Builds a warning. */
export function warning(
  code: ProblemCode,
  message: string,
  rest: { where?: Where | null; hint?: string | null } = {},
): Problem {
  return build('warning', code, message, rest);
}

function build(
  severity: Problem['severity'],
  code: ProblemCode,
  message: string,
  { where, hint }: { where?: Where | null; hint?: string | null },
): Problem {
  return {
    code,
    severity,
    message,
    ...(where ? { where: plainWhere(where) } : {}),
    ...(hint ? { hint } : {}),
  };
}

/** A place as a plain object. Places of a manifest work out their lines when they are read. */
export function plainWhere({ file, line, column, endLine, endColumn, what }: Where): Where {
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
    ...(what === undefined ? {} : { what }),
  };
}
