import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { ProblemError, problem } from '../problem/problem.js';
import { noteInputs } from './ledger.js';
import type { Environment } from './environment.js';

/**
 * Reads `.env` in the working directory; without one, nothing is set. Raises `bad-file` if it sets a variable of this
 * program twice: which of two credentials or addresses counts must not be a guess.
 */
export async function readDotenv(environment: Environment): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(environment.cwd, '.env'), 'utf8').catch(() => null);
  if (text === null) return {};
  await noteInputs(environment, ['.env']);
  refuseDuplicates(text);
  return parse(text);
}

/** A variable with its value if that is in quotes, which may hold line breaks. */
const VARIABLE =
  /^[^\S\n]*(?:export\s+)?([\w.-]+)\s*[=:][^\S\n]*(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)?/gmu;

function refuseDuplicates(text: string): void {
  const lines = new Map<string, number>();
  for (const { 0: matched, 1: name = '', index } of text.matchAll(VARIABLE)) {
    if (!name.startsWith('DOMO_')) continue;
    const line = text.slice(0, index + matched.indexOf(name)).split('\n').length;
    const first = lines.get(name);
    if (first !== undefined) {
      throw new ProblemError(
        problem('bad-file', `.env sets ${name} on line ${first} and again on line ${line}`, {
          where: { file: '.env', line },
          hint: 'keep one of the two lines',
        }),
      );
    }
    lines.set(name, line);
  }
}
