import type { Grouping } from '../render/facts/owners.js';

/** Formats of a plan or drift document. */
export const PLAN_FORMATS = ['text', 'json', 'markdown', 'html', 'junit', 'sarif', 'github'] as const;

export type PlanFormat = (typeof PLAN_FORMATS)[number];

/** Formats of a result that no other program has a format for. */
export const RESULT_FORMATS = ['text', 'json'] as const;

export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** What `--group-by` groups roles by. */
export const GROUPINGS = ['owner'] as const satisfies readonly Grouping[];

/** The formats of an export that show the owners of roles. */
export const OWNER_FORMATS: readonly string[] = ['html', 'csv', 'matrix-csv'];

/** Formats of a validation. */
export const VALIDATE_FORMATS = ['text', 'json', 'github', 'sarif'] as const;

export type ValidateFormat = (typeof VALIDATE_FORMATS)[number];
