import { oneLine } from '../http/redact.js';
import { ProblemError } from '../problem/problem.js';
import type { Auth } from './auth.js';
import type { RouteOptions } from './call.js';
import { whoAmI } from './users.js';

/**
 * Says in one line whether the token or password is good, and whose it is. True if it is; false if the
 * instance does not know it; any other trouble is raised.
 */
export async function printIsToken(
  auth: Auth,
  options: RouteOptions & { print?: (line: string) => void } = {},
): Promise<boolean> {
  const { print = (line: string) => void process.stderr.write(`${line}\n`) } = options;
  const thing = auth.kind === 'token' ? 'token' : 'password';
  try {
    const { response } = await whoAmI(auth, options);
    const name = typeof response.displayName === 'string' ? `${oneLine(response.displayName, 80)}, ` : '';
    print(
      `the ${thing} is good on ${auth.instance}: it acts as ${name}user ${oneLine(String(response.id), 30)}`,
    );
    return true;
  } catch (error) {
    const refused =
      error instanceof ProblemError && error.problems.some(({ code }) => code === 'authentication');
    if (!refused) throw error;
    print(`the ${thing} is not good on ${auth.instance}: ${error.message}`);
    return false;
  }
}
