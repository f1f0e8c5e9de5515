import { oneLine } from '../http/redact.js';
import { hasCode } from '../problem/problem.js';
import type { Auth } from './auth.js';
import type { RouteOptions } from './call.js';
import { printLine } from './settle.js';
import { whoAmI } from './users.js';

/** Options of `printIsToken`. */
export interface PrintIsTokenOptions extends RouteOptions {
  /** Name of the token in the line. Default `token_auth`; `full_auth` with a password. */
  tokenName?: string;
  /** Prints the line. Default: to stdout. */
  print?: (line: string) => void;
}

/**
 * Prints whether the instance accepts the token or password, in the same line as `domolibrary`. Returns the result; raises any
 * problem other than a refused credential.
 */
export async function printIsToken(auth: Auth, options: PrintIsTokenOptions = {}): Promise<boolean> {
  const { print = printLine, tokenName = auth.kind === 'token' ? 'token_auth' : 'full_auth' } = options;
  const name = oneLine(tokenName, 80);
  try {
    await whoAmI(auth, options);
  } catch (error) {
    if (!hasCode(error, 'authentication')) throw error;
    print(`🚧 failed to retrieve ${name} token from ${auth.instance}`);
    return false;
  }
  print(`🎉 ${name} token retrieved from ${auth.instance} ⚙️`);
  return true;
}
