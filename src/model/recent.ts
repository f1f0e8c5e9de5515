/** A cache of the values that were used most recently. */
export interface Recent<V> {
  /** The cached value of a key; `make` computes a missing one. */
  get(key: string, make: () => V): V;
}

/** Opens a cache of at most `most` values: memory must not grow with the number of keys. */
export function openRecent<V>(most: number): Recent<V> {
  const kept = new Map<string, { value: V }>();
  return {
    get: (key, make) => {
      const found = kept.get(key) ?? { value: make() };
      kept.delete(key);
      const oldest = kept.size >= most ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(key, found);
      return found.value;
    },
  };
}
