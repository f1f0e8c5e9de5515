/** Returns one shared copy for equal texts. */
export type Interner = (text: string) => string;

/** Shares equal texts: a thousand roles name the same hundred grants, and each copy takes memory and time to compare. */
export function makeInterner(): Interner {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first !== undefined) return first;
    known.set(text, text);
    return text;
  };
}
