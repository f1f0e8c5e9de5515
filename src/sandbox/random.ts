/** Pseudo-random numbers, the same for the same seed. */
export interface Random {
  /** A number from 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number from 0 (inclusive) to `below` (exclusive). */
  below(below: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** Opens a generator for a seed. */
export function openRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  // xorshift: short, well distributed, and the same on every machine.
  const next = (): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  if (state === 0) state = 0x6d2b79f5;
  for (let warmUp = 0; warmUp < 8; warmUp += 1) next();
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, pick: (list) => list[below(list.length)] ?? list[0] };
}
