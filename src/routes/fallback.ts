import { HttpError } from '../http/failure.js';
import { RouteError } from './errors.js';

/** Does the instance not know this address or method (404, 405), so that another form may do? */
export function isUnknownHere(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 405;
}

/** What the instance answered, taken from the error that holds it; null without a response or for another kind of error. */
export function statusOf(error: unknown): number | null {
  return error instanceof HttpError || error instanceof RouteError ? error.status : null;
}
