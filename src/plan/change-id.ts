import { CHANGE_STEPS } from './change.js';
import type { Change } from './change.js';

/** What an id is made from. */
export type ChangeIdentity = Pick<Change, 'kind' | 'step' | 'role' | 'roleId'>;

/**
 * The ids of a plan's changes, in their order; the only place that makes any. Kind, step and number come
 * from closed sets and stand before the name, which runs to the end, so a name cannot imitate another id:
 * `grants.set:Analyst`, `grants.set/before-moves:Analyst`. Where two live roles have the same name, the
 * role's number tells them apart: `role.delete@810756122:Analyst`.
 */
export function changeIds(changes: readonly ChangeIdentity[]): string[] {
  const plain = changes.map((change) => idOf(change, ''));
  const shared = doubled(plain);
  const ids = changes.map((change, index) => {
    const id = plain[index] ?? '';
    return shared.has(id) && typeof change.roleId === 'number' ? idOf(change, `@${change.roleId}`) : id;
  });
  if (doubled(ids).size > 0) throw new TypeError('one role is changed twice in the same step');
  return ids;
}

/** What is wrong with the ids and steps of changes that were read from a file; null where nothing is. */
export function identityProblem(changes: readonly Pick<Change, 'id' | 'step'>[]): string | null {
  const first = firstDuplicate(changes.map(({ id }) => id));
  if (first !== null) return `two of its changes have the id ${JSON.stringify(first)}`;
  const steps: readonly unknown[] = [null, ...CHANGE_STEPS];
  const odd = changes.find(({ step }) => !steps.includes(step));
  return odd ? `the change ${JSON.stringify(odd.id)} has a step that this version does not know` : null;
}

/** An id that is in the list twice; null where none is. */
export function firstDuplicate(ids: readonly string[]): string | null {
  const [first] = doubled(ids);
  return first ?? null;
}

function idOf({ kind, step, role }: ChangeIdentity, number: string): string {
  const what = `${kind}${number}${step === null ? '' : `/${step}`}`;
  return kind === 'defaultRole.set' || role === null ? what : `${what}:${role}`;
}

function doubled(ids: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(ids.filter((id) => seen.size === seen.add(id).size));
}
