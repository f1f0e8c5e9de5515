/** Makes a switch over a union exhaustive: a new kind fails to compile. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}
