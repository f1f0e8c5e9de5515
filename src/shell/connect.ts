import { connect as openConnection } from '../reconcile/connect.js';
import type { Connection, RequestOptions } from '../reconcile/connect.js';
import { note } from './deliver.js';
import { numberOf } from './flag-numbers.js';
import { resolveTarget } from './target.js';
import type { TargetFlags } from './target.js';
import { ignoreStreamErrors } from './environment.js';
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
      `${before}${method} ${path} ${status ?? 'no response'} ${Math.round(ms)} ms\n`,
    );
  };
}

/** Request limits from flags and environment. */
export function requestNumbers(flags: ConnectFlags, env: Environment['env']): RequestOptions {
  const timeout = numberOf('timeout', flags.timeout, env);
  const budget = numberOf('budget', flags.budget, env);
  const retries = numberOf('retries', flags.retries, env);
  const concurrency = numberOf('concurrency', flags.concurrency, env);
  const pageSize = numberOf('page-size', flags.pageSize, env);
  return {
    ...(timeout === null ? {} : { timeoutMs: timeout * 1000 }),
    ...(budget === null ? {} : { totalBudgetMs: budget * 1000 }),
    ...(retries === null ? {} : { retries }),
    ...(concurrency === null ? {} : { concurrency }),
    ...(pageSize === null ? {} : { pageSize }),
  };
}
