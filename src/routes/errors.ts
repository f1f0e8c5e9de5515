import type { RoleId } from '../model/ids.js';
import { HttpError } from '../http/failure.js';
import type { Problem } from '../problem/problem.js';
import { problem, ProblemError } from '../problem/problem.js';

/** The fields of route errors, named after those of `domolibrary`. */
export interface RouteErrorFields {
  instance: string;
  /** The route that failed, `getRoleById`. */
  functionName: string;
  /** What the instance answered; null where no answer came. */
  status: number | null;
  message: string;
  roleId: RoleId | null;
  /** As the caller gave it. */
  parentClass: string | null;
  /** False where no write of this call can have reached the instance. Default true. */
  sent?: boolean;
}

/** A call of a route that failed: the login, the request, or its answer. */
export class RouteError extends ProblemError {
  override readonly name: string = 'RouteError';
  readonly instance: string;
  readonly functionName: string;
  readonly status: number | null;
  readonly roleId: RoleId | null;
  readonly parentClass: string | null;
  readonly sent: boolean;

  /** `problems` is what there is to report; the message alone where it is left out. */
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

/** A role, or something of one, could not be read; or it does not exist. */
export class RoleNotRetrieved extends RouteError {
  override readonly name: string = 'RoleNotRetrieved';
}

/** A role could not be made, changed or deleted; only reading it back shows whether it was done all the same. */
export class RoleCrudError extends RouteError {
  override readonly name: string = 'RoleCrudError';
}

/** The class of the errors that a route raises. */
export type RouteErrorClass = typeof RouteError;

/** What a route was doing when it failed. */
export type RouteContext = Omit<RouteErrorFields, 'status' | 'message' | 'sent'>;

/** The same problems as a route error, the login's among them; what is not a problem is returned as it is. */
export function routeError(
  Kind: RouteErrorClass,
  context: RouteContext,
  { error, sent }: { error: unknown; sent: boolean },
): unknown {
  if (!(error instanceof ProblemError) || error instanceof RouteError) return error;
  const status = error instanceof HttpError ? error.status : null;
  return new Kind({ ...context, status, message: error.message, sent }, error.problems, { cause: error });
}

/** A role that is not there, though its empty list was answered with 200. */
export function noSuchRole(context: RouteContext, status: number): RoleNotRetrieved {
  const message = `there is no role ${context.roleId} on ${context.instance}`;
  const found = problem('not-found', message, {
    where: { what: `role ${context.roleId}` },
    hint: 'list the roles with `domo-roles get roles`',
  });
  return new RoleNotRetrieved({ ...context, status, message }, [found]);
}
