import { HttpError } from '../http/failure.js';
import type { Problem } from '../problem/problem.js';
import { problem, ProblemError } from '../problem/problem.js';

/** What both route errors tell; the fields of the Python library's errors under their TypeScript names. */
export interface RouteErrorFields {
  instance: string;
  /** The route that failed, `getRoleById`. */
  functionName: string;
  /** What the instance answered; null where no answer came. */
  status: number | null;
  message: string;
  roleId: number | null;
  /** As the caller gave it. */
  parentClass: string | null;
  /** False where no write of this call can have reached the instance. Default true. */
  sent?: boolean;
}

class RouteError extends ProblemError {
  readonly instance: string;
  readonly functionName: string;
  readonly status: number | null;
  readonly roleId: number | null;
  readonly parentClass: string | null;
  readonly sent: boolean;

  constructor(fields: RouteErrorFields, problems: readonly Problem[], options?: { cause?: unknown }) {
    super(problems, options);
    this.instance = fields.instance;
    this.functionName = fields.functionName;
    this.status = fields.status;
    this.roleId = fields.roleId;
    this.parentClass = fields.parentClass;
    this.sent = fields.sent ?? true;
    this.message = fields.message;
  }
}

/** A role, or something of one, could not be read; or it does not exist. */
export class RoleNotRetrieved extends RouteError {
  override readonly name: string = 'RoleNotRetrieved';
}

/** A role could not be made, changed or deleted; only reading back tells whether it was all the same. */
export class RoleCrudError extends RouteError {
  override readonly name: string = 'RoleCrudError';
}

/** What a route was doing when it failed. */
export type RouteContext = Omit<RouteErrorFields, 'status' | 'message' | 'sent'>;

/** The same failure as a route error; an error of another kind is returned as it is. */
export function routeError(
  Kind: typeof RoleNotRetrieved | typeof RoleCrudError,
  context: RouteContext,
  { error, sent }: { error: unknown; sent: boolean },
): unknown {
  if (!(error instanceof ProblemError)) return error;
  const status = error instanceof HttpError ? error.status : null;
  const { message, problems } = error;
  return new Kind({ ...context, status, message, sent }, problems, { cause: error });
}

/** A role that is not there, though its empty list was answered with 200. */
export function noSuchRole(context: RouteContext, status: number): RoleNotRetrieved {
  const message = `there is no role ${context.roleId} on ${context.instance}`;
  const told = problem('not-found', message, {
    where: { what: `role ${context.roleId}` },
    hint: 'list the roles with `domo-roles get roles`',
  });
  return new RoleNotRetrieved({ ...context, status, message }, [told]);
}
