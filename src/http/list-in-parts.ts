/** A list in the body of a response whose items are read while the body is parsed. */
export interface ItemReader {
  /** The key of the list in the object that is the body. */
  key: string;
  /** Returns what the list shall contain instead of the item. May be called twice for an item. */
  read: (item: unknown) => unknown;
}

/** How the bytes of a body become values. */
interface Parsing {
  /** Raises for bytes that are no text. */
  decode: (bytes: Uint8Array) => string;
  /** Items are parsed together until they have this many bytes. By default few, because long texts are expensive to allocate. */
  partBytes?: number;
}

/**
 * Parses a body with a long list in parts, and reads the items of each part before the next one is parsed. The items as sent
 * can then be freed early, and most are never copied by a garbage collection
 * (docs/decisions/0013-pages-of-people-are-parsed-in-parts.md).
 *
 * Returns null if the body must be parsed as a whole: it is short, has another layout, is invalid, or an item cannot be read.
 *
 * A part ends before what looks like the start of the next item. This needs no knowledge of JSON, because a wrong end makes
 * the part invalid: inside a text or an object, something stays open, and after the list, something is closed twice. The rest
 * of the body is parsed with a mark in place of the items that were taken out, so the list is the one under the key. The mark is
 * longer than any text of the rest.
 */
export function parseInParts(
  body: Uint8Array,
  { key, read }: ItemReader,
  { decode, partBytes = 50_000 }: Parsing,
): { value: unknown } | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const opening = `${JSON.stringify(key)}:[`;
  const found = bytes.indexOf(`${opening}{`);
  const start = found + opening.length;
  const colon = bytes.indexOf(':', start);
  if (found < 0 || colon < 0) return null;
  const nextItem = Buffer.concat([Buffer.from(','), bytes.subarray(start, colon + 1)]);
  const items: unknown[] = [];
  let from = start;
  try {
    for (let end; (end = bytes.indexOf(nextItem, from + partBytes)) >= 0; from = end + 1) {
      const part = JSON.parse(`[${decode(bytes.subarray(from, end))}]`) as unknown[];
      for (const item of part) items.push(read(item));
    }
    if (from === start) return null;
    const before = decode(bytes.subarray(0, start));
    const after = decode(bytes.subarray(from));
    const mark = '-'.repeat(before.length + after.length);
    const value = JSON.parse(`${before}"${mark}",${after}`) as Record<string, unknown>;
    const last = value[key];
    if (!Array.isArray(last) || last[0] !== mark) return null;
    for (const item of last.slice(1)) items.push(read(item));
    return { value: { ...value, [key]: items } };
  } catch {
    return null;
  }
}

/** Reads the items of a list in a body that was parsed as a whole. A body without the list is returned unchanged. */
export function withItemsRead(body: unknown, { key, read }: ItemReader): unknown {
  const list = (body as Record<string, unknown> | null)?.[key];
  return Array.isArray(list) ? { ...(body as object), [key]: list.map((item: unknown) => read(item)) } : body;
}
