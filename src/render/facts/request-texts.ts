import type { PlannedRequest, RequestCondition } from '../../plan/change.js';
import { oneLine } from '../format/one-line.js';

const CONDITIONS: Readonly<Record<RequestCondition, string>> = {
  'start-differs': 'only if the new role does not start with these grants',
  'first-form-unknown': 'only if the instance does not know the request before it (404, 405)',
};

/** The body of a request as JSON on one line; '' for none. */
export function bodyText({ body }: PlannedRequest): string {
  return body === null || body === undefined ? '' : oneLine(JSON.stringify(body));
}

/** The condition of a conditional request; '' for all others. */
export function conditionText({ when }: PlannedRequest): string {
  return when === undefined ? '' : CONDITIONS[when];
}
