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

/** What a document that cannot be used says of its maker. */
interface UnusableDocument {
  /** The subject of the message, such as `the plan file`. */
  what: string;
  why: string;
  /** The version that made the document, as it says itself. Untrusted. */
  madeBy: unknown;
  /** Version of this program; without it no other one is named. */
  version: string | undefined;
  /** The hint if this version may have made the document. */
  again: string;
}

/**
 * The message about a document whose content shows that it was edited, or that another version made it, which the document
 * may name. A name is no proof, so that it changes the words and nothing else.
 */
export function changedOrOther({ what, why, madeBy, version, again }: UnusableDocument): OtherFormat {
  const other = otherMaker(madeBy, version);
  if (other === null)
    return {
      message: `${what} was changed after it was made, or another version made it: ${why}`,
      hint: again,
    };
  return {
    message: `${what} was changed after it was made, or domo-roles ${other} made it in another form: ${why}`,
    hint: `${again} with this version, or use it with domo-roles ${other}`,
  };
}

/** The version that a document names as its maker, `domo-roles 0.1.0`, if it is not this one; null if it names no other one. */
export function otherMaker(madeBy: unknown, version: string | undefined): string | null {
  const found = typeof madeBy === 'string' ? MAKER.exec(madeBy)?.[1] : undefined;
  return found === undefined || version === undefined || found === version ? null : found;
}

const MAKER = /^(?:domo-roles )?(\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][0-9A-Za-z.+-]{1,40})?)$/u;
