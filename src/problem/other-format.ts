/** Why a document cannot be read, and what to do about it. */
interface OtherFormat {
  message: string;
  hint: string;
}

/**
 * Compares the format version found in a document with the one that this program reads. Null if they are equal. `what` is the
 * subject of the message, such as `the plan file`.
 */
export function formatMismatch(found: unknown, read: number, what: string): OtherFormat | null {
  if (found === read) return null;
  const has = found === undefined ? 'no format version' : `format ${JSON.stringify(found)?.slice(0, 40)}`;
  const again = 'make it again with this version';
  return {
    message: `${what} has ${has}, and this version of domo-roles reads format ${read}`,
    hint: typeof found === 'number' && found > read ? `upgrade domo-roles, or ${again}` : again,
  };
}
