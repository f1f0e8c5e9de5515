import { allQuirks, QUIRKS, type QuirkInfo, type Quirks } from './quirks.js';

/** An invalid quirk, fault or report. The message lists the valid values. */
export class SandboxUsageError extends Error {
  override name = 'SandboxUsageError';
}

/**
 * Parses quirks such as `grants-put-only,late-visibility=200`, or `all`. Raises `SandboxUsageError` for an unknown name, an
 * invalid value, or two quirks that contradict each other.
 */
export function parseQuirks(text: string): Partial<Quirks> {
  const chosen = new Map<keyof Quirks, boolean | number>();
  for (const item of text.split(',').map((part) => part.trim())) {
    if (item === '') continue;
    if (item === 'all') {
      for (const [key, value] of Object.entries(allQuirks())) chosen.set(key as keyof Quirks, value);
      continue;
    }
    const [name = '', given] = splitAtEquals(item);
    const info = QUIRKS.find((candidate) => candidate.name === name);
    if (!info)
      throw new SandboxUsageError(
        `unknown quirk ${JSON.stringify(name)}; valid quirks: ${QUIRKS.map((known) => known.name).join(', ')}, all`,
      );
    chosen.set(info.key, quirkValue(info, given));
  }
  for (const info of QUIRKS) {
    const rival = info.rivals?.find((key) => chosen.get(key) && chosen.get(info.key));
    if (rival)
      throw new SandboxUsageError(
        `quirk ${info.name} contradicts ${QUIRKS.find(({ key }) => key === rival)?.name}`,
      );
  }
  return Object.fromEntries(chosen);
}

function quirkValue(info: QuirkInfo, given: string | undefined): boolean | number {
  if (given === undefined) return info.value ? info.value.preset : true;
  if (!info.value) throw new SandboxUsageError(`quirk ${info.name} takes no value`);
  if (!/^\d{1,7}$/.test(given))
    throw new SandboxUsageError(
      `quirk ${info.name} must be a whole number of ${info.value.unit}, not ${JSON.stringify(given)}`,
    );
  return Number(given);
}

/** Splits `a=b=c` to `['a', 'b=c']`; without an equals sign, returns only the text. */
export function splitAtEquals(text: string): [string, string?] {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
