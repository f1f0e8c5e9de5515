import { visibleText } from '../../model/names.js';
import type { PolicyFile } from '../../model/policy-overlay.js';
import type { ProblemCode } from '../../problem/codes.js';
import type { Problem } from '../../problem/problem.js';

/** Version of the form of a validation document. */
export const VALIDATION_FORMAT = 1;

/** A problem as documents carry it. */
export interface ProblemDocument {
  code: ProblemCode;
  severity: Problem['severity'];
  message: string;
  file: string | null;
  line: number | null;
  column: number | null;
  hint: string | null;
}

/** What `validate` prints as JSON; published as `validation.v1.schema.json`. */
export interface ValidationDocument {
  formatVersion: typeof VALIDATION_FORMAT;
  kind: 'validation';
  /** True when there is no error; warnings do not count. */
  valid: boolean;
  /** What was read, in order. */
  files: readonly string[];
  summary: { errors: number; warnings: number };
  problems: readonly ProblemDocument[];
  /** The policy file that was laid over the manifest; left out where there was none, or it cannot be used. */
  policyFile?: PolicyFile;
}

/** A problem in the form that documents carry: every key there, null where nothing is known, texts of one line each. */
export function problemDocument({ code, severity, message, where, hint }: Problem): ProblemDocument {
  return {
    code,
    severity,
    message: visibleText(message),
    file: where?.file ?? null,
    line: where?.line ?? null,
    column: where?.column ?? null,
    hint: hint === undefined ? null : visibleText(hint),
  };
}

/** Builds the validation document. `files` are the paths that were read, in order. */
export function validationDocument(
  problems: readonly Problem[],
  files: readonly string[],
  policyFile: PolicyFile | null = null,
): ValidationDocument {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return {
    formatVersion: VALIDATION_FORMAT,
    kind: 'validation',
    valid: errors === 0,
    files,
    summary: { errors, warnings: problems.length - errors },
    problems: problems.map(problemDocument),
    ...(policyFile ? { policyFile } : {}),
  };
}

/** The validation document as text, indented by two blanks, with a line end. */
export function problemsJson(
  problems: readonly Problem[],
  files: readonly string[],
  policyFile: PolicyFile | null = null,
): string {
  return `${JSON.stringify(validationDocument(problems, files, policyFile), null, 2)}\n`;
}
