/** The one sort order of the project: by UTF-16 code unit, the same on every machine. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Texts as a sorted list without repeats. */
export function sortedUnique<T extends string>(texts: Iterable<T>): T[] {
  return inOrder([...texts]);
}

/** The same list if it is in order without repeats, or a copy that is. */
export function inOrder<T extends string>(list: T[]): T[] {
  return isInOrder(list) ? list : [...new Set(list)].sort(byCodeUnit);
}

/** Most lists are part of a list that is in order already. */
function isInOrder(list: readonly string[]): boolean {
  for (let index = 1; index < list.length; index += 1)
    if ((list[index - 1] as string) >= (list[index] as string)) return false;
  return true;
}
