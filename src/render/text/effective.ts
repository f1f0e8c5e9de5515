import type { EffectiveValue } from '../../access/effective-manifest.js';
import { oneLine } from '../format/one-line.js';
import type { Style } from './style.js';

/** The values of a manifest, a line each, with the file and line that each came from. */
export function effectiveText(values: readonly EffectiveValue[], { dim }: Style): string {
  const lines = values.map(({ path, value, file, line }) => {
    const place = file === null ? '' : `  ${dim(`${oneLine(file)}:${line ?? 1}`)}`;
    return `${oneLine(path.join(' / '))}: ${oneLine(typeof value === 'string' ? value : JSON.stringify(value))}${place}`;
  });
  return lines.length === 0 ? 'The manifest manages nothing.\n' : `${lines.join('\n')}\n`;
}
