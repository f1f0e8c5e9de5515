import { deflateRawSync } from 'node:zlib';

/** Longer data is compressed, because a browser takes longer to read HTML than to decompress it. Counted in characters. */
const MOST_PLAIN = 512 * 1024;

/**
 * A script element that the page's script reads as data, and that does not run. Small data is JSON that people can read;
 * large data is compressed JSON, as base64. No text in it can end the element.
 */
export function dataElement(attributes: string, value: unknown): string {
  const json = JSON.stringify(value);
  if (json.length <= MOST_PLAIN)
    return `<script type="application/json" ${attributes}>${jsonForScript(json)}</script>`;
  const bytes = Buffer.from(json);
  const packed = deflateRawSync(bytes, { level: 1 }).toString('base64');
  return `<script type="application/octet-stream" ${attributes} data-size="${bytes.length}">${packed}</script>`;
}

/** No character of the result can end the element or open a comment. */
function jsonForScript(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
