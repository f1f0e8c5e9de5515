import { jsonText } from '../../model/json-text.js';
import { visibleText } from '../../model/quoted-name.js';
import type { PolicyFile } from '../../model/policy-overlay.js';
import type { ProblemCode } from '../../problem/codes.js';
import type { Problem } from '../../problem/problem.js';

/** Version of the validation document's format. */
const VALIDATION_FORMAT = 1;

/** A problem in the form of documents. */
export interface ProblemDocument {
  code: ProblemCode;
  severity: Problem['severity'];
  message: string;
  file: string | null;
  line: number | null;
  column: number | null;
  hint: string | null;
}

/** The JSON output of `validate`; its schema is `validation.v1.schema.json`. */
interface ValidationDocument {
  formatVersion: typeof VALIDATION_FORMAT;
  kind: 'validation';
  /** True if there are no errors; warnings do not count. */
  valid: boolean;
  /** The files that were read, in order. */
  files: readonly string[];
  summary: { errors: number; warnings: number };
  problems: readonly ProblemDocument[];
  /** The policy file that was applied; absent without one, or if it cannot be used. */
  policyFile?: PolicyFile;
}

/** Converts a problem to the form of documents: every key is present, unknown ones are null, texts have one line each. */
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
function validationDocument(
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

/** The validation document as text, indented by two spaces, with a line end. */
export function problemsJson(
  problems: readonly Problem[],
  files: readonly string[],
  policyFile: PolicyFile | null = null,
): string {
  return jsonText(validationDocument(problems, files, policyFile));
}
