/** Works out what follows from an object once for each object. What it gives must depend on the object alone. */
export function oncePer<K extends object, V>(work: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, { value: V }>();
  return (of) => {
    const earlier = known.get(of);
    if (earlier) return earlier.value;
    const value = work(of);
    known.set(of, { value });
    return value;
  };
}
