import type { Change } from '../plan/change.js';

/**
 * Cuts a plan's changes, in their order, into groups that may be sent at once and confirmed together:
 * consecutive, of one kind and stage, and none waiting for another of the same group.
 */
export function groupsOf(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  let inGroup = new Set<string>();
  for (const change of changes) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group && first && sameStep(first, change) && !change.dependsOn.some((id) => inGroup.has(id))) {
      group.push(change);
      inGroup.add(change.id);
    } else {
      groups.push([change]);
      inGroup = new Set([change.id]);
    }
  }
  return groups;
}

function sameStep(one: Change, other: Change): boolean {
  if (one.kind === 'grants.set' && other.kind === 'grants.set') return one.stage === other.stage;
  return one.kind === other.kind;
}

/** Does the work for all items, at most so many at once; results in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker));
  return results;
}
