// The data of a page: JSON in script elements, compressed if there is much of it.
import { inflateSync } from 'fflate';

/** Does an element hold so much data that it is compressed? */
export function isCompressed({ type }) {
  return type !== 'application/json';
}

/** The value that an element holds. Decompressed without waiting, because a print cannot wait. */
export function dataIn(element) {
  return JSON.parse(isCompressed(element) ? decompressed(element) : element.textContent);
}

function decompressed({ textContent, dataset }) {
  const binary = atob(textContent);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
  const out = new Uint8Array(Number(dataset.size));
  return new TextDecoder().decode(inflateSync(bytes, { out }));
}

/** The page's data: the matrix (or null), and the instances of a fleet. */
export const DATA = dataIn(document.getElementById('data'));
