/**
 * The condition under which a request is sent. `start-differs`: the new role does not start with these grants.
 * `first-form-unknown`: the instance does not know the request before this one (404, 405).
 */
export type RequestCondition = 'start-differs' | 'first-form-unknown';

/** One HTTP request as it will be sent. A role that is not made yet is written as `{new:NAME}` in path and body. */
export interface PlannedRequest {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body: unknown;
  /** Absent if the request is always sent. */
  when?: RequestCondition;
}
