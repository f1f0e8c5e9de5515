import type { Options } from 'yargs';

/** A flag that takes a text. */
export const text = (describe: string, group?: string) =>
  ({ type: 'string', describe, ...inGroup(group), requiresArg: true }) as const satisfies Options;

/** A flag that takes a text and may be repeated. */
export const texts = (describe: string, group?: string) =>
  ({ ...text(describe, group), array: true }) as const satisfies Options;

/** A flag that takes a number. */
export const number = (describe: string, group?: string) =>
  ({ type: 'number', describe, ...inGroup(group), requiresArg: true }) as const satisfies Options;

/** A flag without a value. */
export const toggle = (describe: string, group?: string) =>
  ({ type: 'boolean', describe, ...inGroup(group) }) as const satisfies Options;

/** `--yes`, which answers the question in advance. */
export const yes = (describe: string) => ({ ...toggle(describe), alias: 'y' }) as const satisfies Options;

/** Help lists a flag without a group under "Options". */
function inGroup(group: string | undefined): { group?: string } {
  return group === undefined ? {} : { group };
}
