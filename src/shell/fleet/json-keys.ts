/** A duplicate key of a JSON object, with the lines of its first two occurrences, from 1. */
interface DuplicateKey {
  key: string;
  lines: readonly [number, number];
}

/** A text, or a character that opens, closes or separates. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gu;

/** Finds the first duplicate key in the outer object of a valid JSON text; null if there is none. */
export function duplicateKey(json: string): DuplicateKey | null {
  const seen = new Map<string, number>();
  let depth = 0;
  let text = '';
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (token.startsWith('"')) text = token;
    else if (token === ':' && depth === 1) {
      const key = JSON.parse(text) as string;
      const first = seen.get(key);
      if (first !== undefined) return { key, lines: [lineAt(json, first), lineAt(json, index)] };
      seen.set(key, index);
    }
  }
  return null;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
