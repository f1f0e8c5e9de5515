import { inflateRawSync } from 'node:zlib';
import type { PackedList } from '../../src/render/html/list.js';

const ELEMENT =
  /<script type="(application\/(?:json|octet-stream))" (?:id|class)="([\w-]+)"[^>]*>([^]*?)<\/script>/gu;

/** The data that the script of a page reads. */
export function pageData<T>(html: string, id: 'data' | 'panels'): T {
  const [data] = dataNamed(html, id);
  if (data === undefined) throw new Error(`the page has no ${id}`);
  return data as T;
}

/** The long lists of a page. */
export function pageLists(html: string): PackedList[] {
  return dataNamed(html, 'list-') as PackedList[];
}

/** The deferred bodies of the cards of a page. */
export function cardBodies(html: string): string[] {
  return (dataNamed(html, 'bodies') as string[][]).flat();
}

/** The data in elements whose id or class begins with these words. */
function dataNamed(html: string, start: string): unknown[] {
  return [...html.matchAll(ELEMENT)]
    .filter((match) => match[2]?.startsWith(start))
    .map(([, type, , text = '']) => {
      const json =
        type === 'application/json' ? text : inflateRawSync(Buffer.from(text, 'base64')).toString();
      return JSON.parse(json) as unknown;
    });
}
