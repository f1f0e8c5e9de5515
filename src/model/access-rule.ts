import type { Grant } from './grant.js';
import type { PersonRef } from './person.js';

/** The fields that all rules share. */
interface RuleFields {
  /** Its key under `policy.rules`: lower-case letters, digits and hyphens. */
  name: string;
  /** `refuse`: a plan that adds a violation is refused. `warn`: a violation is only a warning. */
  level: 'refuse' | 'warn';
}

/** Limits who holds certain grants, or who is in a role. Null: no such limit. At least one limit is set. */
export interface LimitRule extends RuleFields {
  kind: 'limit';
  /** The people concerned: holders of any of these grants (sorted), or the members of a role (an end-state name). */
  subject: { grants: readonly Grant[] } | { role: string };
  /** End-state names of the only roles that may hold any of the grants; sorted. Null if the subject is a role. */
  onlyRoles: readonly string[] | null;
  /** The maximum number of people. */
  maxPeople: number | null;
  /** Address patterns, one of which every person concerned matches; lower case, sorted. */
  emails: readonly string[] | null;
}

/** No one holds grants of two of these sets. */
export interface SeparationRule extends RuleFields {
  kind: 'separation';
  /** Two or more sets of grants, in the order of the manifest; each sorted. */
  neverTogether: readonly (readonly Grant[])[];
  /** End-state names of roles that the rule leaves out; sorted. */
  exceptRoles: readonly string[];
  /** People whom the rule leaves out. */
  exceptPeople: readonly PersonRef[];
}

/** A rule about the end state of the whole instance. */
export type AccessRule = LimitRule | SeparationRule;

/** Does checking this rule need the list of people? Which roles hold a grant is known without it. */
export function isAboutPeople(rule: AccessRule): boolean {
  return rule.kind === 'separation' || rule.maxPeople !== null || rule.emails !== null;
}
