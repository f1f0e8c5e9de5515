import type { Quirks } from './quirk-info.js';
import { QUIRKS } from './quirk-list.js';

export type { Evidence, QuirkInfo, Quirks } from './quirk-info.js';
export { QUIRKS } from './quirk-list.js';

/** No quirks: every switch off. */
export const NO_QUIRKS: Quirks = Object.freeze(
  Object.fromEntries(QUIRKS.map(({ key, value }) => [key, value ? 0 : false])),
) as unknown as Quirks;

/** All quirks at once, as far as they do not contradict each other and leave a client anything to work with. */
export function allQuirks(): Partial<Quirks> {
  return Object.fromEntries(
    QUIRKS.filter(({ inAll }) => inAll).map(({ key, value }) => [key, value ? value.preset : true]),
  );
}
