import type { RoleId } from '../model/ids.js';
import { HttpError } from '../http/failure.js';
import type { Problem } from '../problem/problem.js';
import { problem, ProblemError } from '../problem/problem.js';

/** Fields of route errors. The names are those of `domolibrary`. */
export interface RouteErrorFields {
  instance: string;
  /** The route that failed, `getRoleById`. */
  functionName: string;
  /** HTTP status; null if there was no response. */
  status: number | null;
  message: string;
  roleId: RoleId | null;
  /** The option `parentClass` of the call. */
  parentClass: string | null;
  /** False if no write of this call can have reached the instance. Default true. */
  sent?: boolean;
}

/** A failed call of a route: the login, the request, or the response. */
export class RouteError extends ProblemError {
  override readonly name: string = 'RouteError';
  readonly instance: string;
  readonly functionName: string;
  readonly status: number | null;
  readonly roleId: RoleId | null;
  readonly parentClass: string | null;
  readonly sent: boolean;

  /** `problems` are what to report. Default: one problem with the message. */
  constructor(
    fields: Pick<RouteErrorFields, 'instance' | 'functionName' | 'message'> & Partial<RouteErrorFields>,
    problems?: readonly Problem[],
    options?: { cause?: unknown },
  ) {
    super(problems ?? problem('http-error', fields.message), options);
    this.instance = fields.instance;
    this.functionName = fields.functionName;
    this.status = fields.status ?? null;
    this.roleId = fields.roleId ?? null;
    this.parentClass = fields.parentClass ?? null;
    this.sent = fields.sent ?? true;
    this.message = textOf(this, fields.message);
  }
}

/** `Report.getRoleById on acme, role 99: …`. */
function textOf({ parentClass, functionName, instance, roleId }: RouteContext, message: string): string {
  const caller = parentClass === null ? functionName : `${parentClass}.${functionName}`;
  return `${caller} on ${instance}${roleId === null ? '' : `, role ${roleId}`}: ${message}`;
}

/** A role, or a part of it, could not be read or does not exist. */
export class RoleNotRetrieved extends RouteError {
  override readonly name: string = 'RoleNotRetrieved';
}

/** A role could not be created, changed or deleted. The write may have been done; only reading it back shows that. */
export class RoleCrudError extends RouteError {
  override readonly name: string = 'RoleCrudError';
}

/** The class of the errors that a route raises. */
export type RouteErrorClass = typeof RouteError;

/** The call that failed. */
export type RouteContext = Omit<RouteErrorFields, 'status' | 'message' | 'sent'>;

/**
 * Converts a `ProblemError` to an error of the route. `status` is that of the response that the problem is about.
 * Returns route errors and other errors unchanged.
 */
export function routeError(
  Kind: RouteErrorClass,
  context: RouteContext,
  { error, status, sent }: { error: unknown; status: number | null; sent: boolean },
): unknown {
  if (!(error instanceof ProblemError) || error instanceof RouteError) return error;
  const fields = { ...context, status: error instanceof HttpError ? error.status : status, sent };
  return new Kind({ ...fields, message: error.message }, error.problems, { cause: error });
}

/** Returns the error of a role that does not exist. Domo answers its lists with 200 and an empty list. */
export function noSuchRole(context: RouteContext, status: number): RoleNotRetrieved {
  const message = `there is no role ${context.roleId} on ${context.instance}`;
  const found = problem('not-found', message, {
    where: { what: `role ${context.roleId}` },
    hint: 'list the roles with `domo-roles get roles`',
  });
  return new RoleNotRetrieved({ ...context, status, message }, [found]);
}
