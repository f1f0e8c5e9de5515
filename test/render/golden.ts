import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';

/** Set to `1` to update the golden files, for a review of the diff. */
const BLESS = 'BLESS_GOLDEN';

/** Expects the text of the golden file. */
export function expectGolden(name: string, text: string): void {
  const path = fileURLToPath(new URL(`./golden/${name}`, import.meta.url));
  if (process.env[BLESS] === '1') writeFileSync(path, text);
  if (!existsSync(path)) throw new Error(`no golden file ${name}: run with ${BLESS}=1 and look at it`);
  expect(text).toBe(readFileSync(path, 'utf8'));
}
