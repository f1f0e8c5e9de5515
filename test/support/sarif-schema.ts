import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** The published schema comes in a package of 43 MB, so only CI installs it: see `.ci/run`. */
const FILE =
  process.env.SARIF_SCHEMA ??
  join(import.meta.dirname, '../../node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json');

/** The errors of a SARIF log by the published schema of SARIF 2.1.0; null if the schema is not installed. */
export function sarifFaults(): ((log: unknown) => string[]) | null {
  if (!existsSync(FILE)) return null;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const check = ajv.compile(JSON.parse(readFileSync(FILE, 'utf8')) as object);
  return (log) =>
    check(log) ? [] : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}
