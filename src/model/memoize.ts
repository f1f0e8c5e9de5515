/** Caches a function of an object by identity: it runs once per object. Its result must depend on the object alone. */
export function memoize<K extends object, V>(compute: (of: K) => V): (of: K) => V {
  const cache = new WeakMap<K, { value: V }>();
  return (of) => {
    const earlier = cache.get(of);
    if (earlier) return earlier.value;
    const value = compute(of);
    cache.set(of, { value });
    return value;
  };
}
