import type { PlannedRequest, RequestCondition } from '../../plan/change.js';

const CONDITIONS: Readonly<Record<RequestCondition, string>> = {
  'start-differs': 'only if the new role does not start with these grants',
  'first-form-unknown': 'only if the instance does not know the request before it (404, 405)',
};

/** When a request is sent that is not sent in any case; empty for all others. */
export function conditionText({ when }: PlannedRequest): string {
  return when === undefined ? '' : CONDITIONS[when];
}
