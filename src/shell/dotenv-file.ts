import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { ProblemError, problem } from '../problem/problem.js';
import { nullIfAbsent, systemCodeOf } from '../problem/system-error.js';
import { noteInputs } from './ledger.js';
import { readFileOrPipe } from './read-pipe.js';
import type { Environment } from './environment.js';

/** The size limit of the file: 1 MB. */
const LARGEST = 1_000_000;

/**
 * Reads `.env` in the working directory; without one, nothing is set. Raises `bad-file` if it sets a variable of this
 * program twice: which of two credentials or addresses counts must not be a guess. Also for a link to a device, which a
 * pull request may hold and whose content may never end.
 */
export async function readDotenv(environment: Environment): Promise<Readonly<Record<string, string>>> {
  const text = await dotenvText(join(environment.cwd, '.env'), environment).catch((error: unknown) => {
    const code = systemCodeOf(error);
    if (error instanceof ProblemError || code === null) throw error;
    throw badDotenv(`it cannot be read (${code})`, 'correct its permissions, or delete it');
  });
  if (text === null) return {};
  await noteInputs(environment, ['.env']);
  refuseDuplicates(text);
  return parse(text);
}

/** The content; null if there is none, or for a folder. A pipe is read: password managers provide the file as one. */
async function dotenvText(path: string, environment: Environment): Promise<string | null> {
  const own = await lstat(path).catch(nullIfAbsent);
  const found = await stat(path).catch(nullIfAbsent);
  if (found === null || found.isDirectory()) return null;
  if (!found.isFile() && own?.isFIFO() !== true) throw badDotenv('it is not a file');
  if (found.size > LARGEST) throw badDotenv('it is too large');
  const text = await readFileOrPipe(path, environment);
  // UTF-16, which PowerShell writes: no variable would be found.
  if (text.includes('\0')) throw badDotenv('the file is not UTF-8 text', 'save it as UTF-8');
  return text;
}

function badDotenv(message: string, hint = 'replace it with a text file, or delete it'): ProblemError {
  return new ProblemError(
    problem('bad-file', message, {
      where: { file: '.env' },
      hint,
    }),
  );
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
