import { HttpError } from '../http/failure.js';
import { RouteError } from './errors.js';

/** Does the instance not know this address or method (404, 405), so that another form may do? */
export function isUnknownHere(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 405;
}

/** What the instance answered, by whichever error tells it; null where no answer came or it is another trouble. */
export function statusOf(error: unknown): number | null {
  return error instanceof HttpError || error instanceof RouteError ? error.status : null;
}
