import type { PlanRoleId } from '../model/role-id.js';
import type { RoleId } from '../model/ids.js';

declare const brand: unique symbol;

/**
 * The id of a change, `grants.set:Analyst`: unique in its plan, and the same for the same input. Changes refer to each
 * other by it, and people read it; code never parses it (docs/decisions/0004-ids-are-types.md).
 */
export type ChangeId = string & { readonly [brand]: 'ChangeId' };

/** The steps of changes that take several writes, or that come at an unusual place in the order. */
const CHANGE_STEPS = ['before-moves', 'after-moves', 'last', 'temporary', 'early'] as const;

/** The step of a change; see `ChangeBase.step`. */
export type ChangeStep = (typeof CHANGE_STEPS)[number];

/** The fields that an id is built from. */
export interface ChangeIdentity {
  kind: string;
  step: ChangeStep | null;
  role: string | null;
  roleId: PlanRoleId | null;
}

/**
 * Builds the ids of a plan's changes, in their order; no other code builds ids. Kind, step and number come from closed
 * sets and precede the name, which extends to the end, so a name cannot imitate another id:
 * `grants.set:Analyst`, `grants.set/before-moves:Analyst`. If two live roles have the same name, the ids
 * of their changes also contain the role's number: `role.delete@810756122:Analyst`.
 */
export function changeIds(changes: readonly ChangeIdentity[]): ChangeId[] {
  const short = changes.map((change) => changeId(change, ''));
  const shared = duplicates(short);
  const ids = changes.map((change) => {
    const id = changeId(change, '');
    return shared.has(id) && typeof change.roleId === 'number' ? changeId(change, `@${change.roleId}`) : id;
  });
  if (duplicates(ids).size > 0) throw new TypeError('one role is changed twice in the same step');
  return ids;
}

/**
 * The id of a difference that exists only in drift documents: extra people in a role who belong in another. Numbers and a
 * fixed word precede the only name, which extends to the end, so no other id can equal it.
 */
export function extraMembersId(fromId: RoleId, to: PlanRoleId): ChangeId {
  return `members.move/too-many:${fromId}:${to}` as ChangeId;
}

/** Checks the ids and steps of changes from a file. Returns a message, or null if they are valid. */
export function identityProblem(changes: readonly { id: string; step: unknown }[]): string | null {
  const twice = firstDuplicate(changes.map(({ id }) => id));
  if (twice !== null) return `two of its changes have the id ${JSON.stringify(twice)}`;
  const steps: readonly unknown[] = [null, ...CHANGE_STEPS];
  const unknown = changes.find(({ step }) => !steps.includes(step));
  return unknown
    ? `the change ${JSON.stringify(unknown.id)} has a step that this version does not know`
    : null;
}

/** The first repeated id; null if there is none. */
export function firstDuplicate(ids: readonly string[]): string | null {
  const [first] = duplicates(ids);
  return first ?? null;
}

function changeId({ kind, step, role }: ChangeIdentity, number: string): ChangeId {
  const what = `${kind}${number}${step === null ? '' : `/${step}`}`;
  return (kind === 'defaultRole.set' || role === null ? what : `${what}:${role}`) as ChangeId;
}

function duplicates(ids: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(ids.filter((id) => seen.size === seen.add(id).size));
}
