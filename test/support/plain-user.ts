/** An id that owns no file. */
const NOBODY = 65_534;

/** Does the work with the rights of an ordinary user: nothing is forbidden to root. */
export async function asPlainUser<T>(work: () => Promise<T>): Promise<T> {
  const user = process.geteuid?.() ?? null;
  if (user !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(user);
  }
}
