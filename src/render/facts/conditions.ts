import type { PlannedRequest, RequestCondition } from '../../plan/change.js';

const CONDITIONS: Readonly<Record<RequestCondition, string>> = {
  'start-differs': 'only if the new role does not start with these grants',
  'first-form-unknown': 'only if the instance does not know the request before it (404, 405)',
};

/** The condition of a conditional request; '' for all others. */
export function conditionText({ when }: PlannedRequest): string {
  return when === undefined ? '' : CONDITIONS[when];
}
