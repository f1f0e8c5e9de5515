/** Keeps what was used last. */
export interface Recent<V> {
  /** What is kept under a key, or what `make` gives for it. */
  get(key: string, make: () => V): V;
}

/** Keeps at most so many values: memory must not grow with the number of keys. */
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
