/** The system's code of an error, such as `ENOENT`; null if it has none. */
export function systemCodeOf(error: unknown): string | null {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return typeof code === 'string' ? code : null;
}
