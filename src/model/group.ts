/** Adds a value to the list of its key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Groups values by a key. Keys are in the order of their first values, and values in the order of the list. */
export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) addTo(groups, keyOf(value), value);
  return groups;
}

/** The entries of the first map whose keys the second lacks. */
export function entriesWithout<K, V>(
  entries: ReadonlyMap<K, V>,
  known: ReadonlyMap<K, unknown>,
): ReadonlyMap<K, V> {
  return new Map([...entries].filter(([key]) => !known.has(key)));
}
