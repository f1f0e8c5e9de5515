import { usageError } from '../problem/problem.js';
import { connect as openConnection } from '../reconcile/connect.js';
import type { Connection, RequestOptions } from '../reconcile/connect.js';
import { note } from './deliver.js';
import { resolveTarget } from './target.js';
import type { TargetFlags } from './target.js';
import { ignoreStreamErrors, variableValue } from './environment.js';
import type { Environment } from './environment.js';

/** Flags of a connection. */
export interface ConnectFlags extends TargetFlags {
  timeout?: number | undefined;
  budget?: number | undefined;
  retries?: number | undefined;
  concurrency?: number | undefined;
  pageSize?: number | undefined;
  verbose?: boolean | undefined;
}

/** Opens a connection to the target that flags and environment name. */
export async function connect(
  flags: ConnectFlags,
  environment: Environment,
  purpose: 'read' | 'write',
): Promise<Connection> {
  const { notice, ...target } = await resolveTarget(flags, environment);
  if (notice !== null) await note(environment, `note: ${notice}`);
  return openConnection(target, { ...requestOptions(flags, environment), purpose }, environment);
}

/** Request options from flags and environment. */
export function requestOptions(flags: ConnectFlags, environment: Environment): RequestOptions {
  return {
    ...requestNumbers(flags, environment.env),
    ...(flags.verbose ? { onRequest: logTo(environment) } : {}),
  };
}

/** Does work over a connection, then closes it. */
export async function withConnection<T>(
  {
    flags,
    environment,
    purpose,
  }: { flags: ConnectFlags; environment: Environment; purpose: 'read' | 'write' },
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(flags, environment, purpose);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Prints requests on stderr; with `instance`, prefixed with its name. */
export function logTo(environment: Environment, instance?: string): NonNullable<RequestOptions['onRequest']> {
  const before = instance === undefined ? '' : `${instance}: `;
  return ({ method, path, status, ms }) => {
    ignoreStreamErrors(environment.stderr).write(
      `${before}${method} ${path} ${status ?? 'no answer'} ${Math.round(ms)} ms\n`,
    );
  };
}

/** Request limits from flags and environment. */
export function requestNumbers(flags: ConnectFlags, env: Environment['env']): RequestOptions {
  const timeout = wholeNumber(
    'timeout',
    { flag: flags.timeout, variable: env.DOMO_ROLES_TIMEOUT },
    [1, 3600],
  );
  const budget = wholeNumber('budget', { flag: flags.budget, variable: env.DOMO_ROLES_BUDGET }, [1, 86_400]);
  const retries = wholeNumber('retries', { flag: flags.retries, variable: env.DOMO_ROLES_RETRIES }, [0, 20]);
  const concurrency = wholeNumber(
    'concurrency',
    { flag: flags.concurrency, variable: env.DOMO_ROLES_CONCURRENCY },
    [1, 64],
  );
  const pageSize = wholeNumber(
    'page-size',
    { flag: flags.pageSize, variable: env.DOMO_ROLES_PAGE_SIZE },
    [1, 100_000],
  );
  return {
    ...(timeout === null ? {} : { timeoutMs: timeout * 1000 }),
    ...(budget === null ? {} : { totalBudgetMs: budget * 1000 }),
    ...(retries === null ? {} : { retries }),
    ...(concurrency === null ? {} : { concurrency }),
    ...(pageSize === null ? {} : { pageSize }),
  };
}

/** A whole number from a flag, else from the environment; null if neither is set. Raises `usage` if out of range. */
export function wholeNumber(
  name: string,
  { flag, variable }: { flag: number | undefined; variable?: string | undefined },
  [least, most]: readonly [number, number],
): number | null {
  const text = variableValue(variable);
  const value = flag ?? (text === undefined ? undefined : Number(text));
  if (value === undefined) return null;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw usageError(`--${name} takes a whole number from ${least} to ${most}`, { what: `--${name}` });
  }
  return value;
}
