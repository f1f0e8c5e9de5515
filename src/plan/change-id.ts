import type { PlanRoleId } from '../model/role-id.js';
import type { RoleId } from '../model/ids.js';

declare const brand: unique symbol;

/**
 * The id of a change, `grants.set:Analyst`: unique in its plan, and equal for equal input. It is for references
 * between changes and for people; nothing is read out of it (docs/decisions/0004-ids-are-types.md).
 */
export type ChangeId = string & { readonly [brand]: 'ChangeId' };

/** Every step that a change may be, where one object is changed in several steps or at an unusual place. */
export const CHANGE_STEPS = ['before-moves', 'after-moves', 'last', 'temporary', 'early'] as const;

/** The step of a change; see `ChangeBase.step`. */
export type ChangeStep = (typeof CHANGE_STEPS)[number];

/** What an id is made from. */
export interface ChangeIdentity {
  kind: string;
  step: ChangeStep | null;
  role: string | null;
  roleId: PlanRoleId | null;
}

/**
 * The ids of a plan's changes, in their order; the only place that makes any. Kind, step and number come
 * from closed sets and come before the name, which runs to the end, so a name cannot imitate another id:
 * `grants.set:Analyst`, `grants.set/before-moves:Analyst`. Where two live roles have the same name, the ids
 * of their changes hold the role's number as well: `role.delete@810756122:Analyst`.
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
 * The id of a difference that only a drift document has: people of one role who belong in another. Numbers and a
 * closed word come before the only name, which runs to the end, so no other id is equal to it.
 */
export function tooManyMembersId(fromId: RoleId, to: PlanRoleId): ChangeId {
  return `members.move/too-many:${fromId}:${to}` as ChangeId;
}

/** What is wrong with the ids and steps of changes that were read from a file; null where nothing is. */
export function identityProblem(changes: readonly { id: string; step: unknown }[]): string | null {
  const twice = firstDuplicate(changes.map(({ id }) => id));
  if (twice !== null) return `two of its changes have the id ${JSON.stringify(twice)}`;
  const steps: readonly unknown[] = [null, ...CHANGE_STEPS];
  const unknown = changes.find(({ step }) => !steps.includes(step));
  return unknown
    ? `the change ${JSON.stringify(unknown.id)} has a step that this version does not know`
    : null;
}

/** The first id that is in the list twice; null where none is. */
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
