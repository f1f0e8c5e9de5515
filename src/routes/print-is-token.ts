import { oneLine } from '../http/redact.js';
import { ProblemError } from '../problem/problem.js';
import type { Auth } from './auth.js';
import type { RouteOptions } from './call.js';
import { printLine } from './settle.js';
import { whoAmI } from './users.js';

/** Options of `printIsToken`. */
export interface PrintIsTokenOptions extends RouteOptions {
  /** What the token is called. `token_auth` or, with a password, `full_auth` where left out. */
  tokenName?: string;
  /** Where the line goes; stdout where left out. */
  print?: (line: string) => void;
}

/**
 * Prints one line that says whether the instance accepts the token or password, the same line as `domolibrary`
 * prints. True if it does; false if it does not; any other problem is raised.
 */
export async function printIsToken(auth: Auth, options: PrintIsTokenOptions = {}): Promise<boolean> {
  const { print = printLine, tokenName = auth.kind === 'token' ? 'token_auth' : 'full_auth' } = options;
  const name = oneLine(tokenName, 80);
  try {
    await whoAmI(auth, options);
  } catch (error) {
    const refused =
      error instanceof ProblemError && error.problems.some(({ code }) => code === 'authentication');
    if (!refused) throw error;
    print(`🚧 failed to retrieve ${name} token from ${auth.instance}`);
    return false;
  }
  print(`🎉 ${name} token retrieved from ${auth.instance} ⚙️`);
  return true;
}
