/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** Starts a row of random numbers. */
export function openRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  // A xorshift step: short, well spread, and the same on every machine.
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
