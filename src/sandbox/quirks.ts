import type { Quirks } from './quirk-info.js';
import { QUIRKS } from './quirk-list.js';

export type { QuirkInfo, Quirks } from './quirk-info.js';
export { QUIRKS } from './quirk-list.js';

/** Every quirk off. */
export const NO_QUIRKS: Quirks = Object.freeze(
  Object.fromEntries(QUIRKS.map(({ key, value }) => [key, value ? 0 : false])),
) as Record<keyof Quirks, boolean | number> as Quirks;

/** Returns all quirks that do not contradict each other and do not block every client. */
export function allQuirks(): Partial<Quirks> {
  return Object.fromEntries(
    QUIRKS.filter(({ inAll }) => inAll).map(({ key, value }) => [key, value ? value.preset : true]),
  );
}
