import type { AccessRule } from '../model/access-rule.js';
import type { AcceptedDrift, Limit, PersonRef } from '../model/policy.js';

/** A limit as a manifest writes it: a number, or a percentage. */
export function limitAsWritten(limit: Limit): number | string {
  return 'count' in limit ? limit.count : `${limit.percent}%`;
}

/** A rule as a manifest writes it, without its name, which is its key. */
export function ruleAsWritten(rule: AccessRule): Readonly<Record<string, unknown>> {
  const level = rule.level === 'warn' ? { level: rule.level } : {};
  if (rule.kind === 'separation') {
    const { neverTogether, exceptRoles, exceptPeople } = rule;
    return {
      neverTogether,
      ...(exceptRoles.length === 0 ? {} : { exceptRoles }),
      ...(exceptPeople.length === 0 ? {} : { exceptPeople: exceptPeople.map(personAsWritten) }),
      ...level,
    };
  }
  const { subject, onlyRoles, maxPeople, emails } = rule;
  return { ...subject, ...withoutNull({ onlyRoles, maxPeople, emails }), ...level };
}

/** An entry of accepted drift as a manifest writes it. */
export function acceptedAsWritten(entry: AcceptedDrift): Readonly<Record<string, unknown>> {
  const people = entry.people?.map(personAsWritten) ?? null;
  return withoutNull({ ...entry, people });
}

/** The address, or a map with the id. */
function personAsWritten(person: PersonRef): unknown {
  return 'id' in person ? person : person.email;
}

function withoutNull(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
