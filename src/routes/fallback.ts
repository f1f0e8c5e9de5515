import { HttpError } from '../http/failure.js';
import { RouteError } from './errors.js';

/** Does the instance lack this path or method (404, 405)? Another form of the request may work. */
export function isUnsupported(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 405;
}

/** Returns the HTTP status of an error; null without a response, and for other errors. */
export function statusOf(error: unknown): number | null {
  return error instanceof HttpError || error instanceof RouteError ? error.status : null;
}
