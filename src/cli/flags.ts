import type { Argv, Options } from 'yargs';

/** Flags that say where a command works and how it speaks to the instance. */
export const TARGET_FLAGS = {
  instance: {
    type: 'string',
    describe: 'the instance, as in https://INSTANCE.domo.com (or DOMO_INSTANCE)',
    group: 'Target:',
    requiresArg: true,
  },
  'base-url': {
    type: 'string',
    describe: 'another address of the instance (or DOMO_BASE_URL)',
    group: 'Target:',
    requiresArg: true,
  },
  'token-file': {
    type: 'string',
    describe: 'file that holds the access token (or DOMO_ACCESS_TOKEN)',
    group: 'Target:',
    requiresArg: true,
  },
  sandbox: { type: 'string', describe: 'the embedded instance, kept in [FOLDER]', group: 'Target:' },
  timeout: {
    type: 'number',
    describe: 'seconds for one try of a request (or DOMO_ROLES_TIMEOUT)',
    group: 'Target:',
    requiresArg: true,
  },
  budget: {
    type: 'number',
    describe: 'seconds for a request with all its tries (or DOMO_ROLES_BUDGET)',
    group: 'Target:',
    requiresArg: true,
  },
  retries: {
    type: 'number',
    describe: 'tries after the first (or DOMO_ROLES_RETRIES)',
    group: 'Target:',
    requiresArg: true,
  },
  concurrency: {
    type: 'number',
    describe: 'requests at once (or DOMO_ROLES_CONCURRENCY)',
    group: 'Target:',
    requiresArg: true,
  },
  'page-size': {
    type: 'number',
    describe: 'people to ask for at once (or DOMO_ROLES_PAGE_SIZE)',
    group: 'Target:',
    requiresArg: true,
  },
  verbose: { type: 'boolean', describe: 'tell every request on stderr', group: 'Output:' },
} as const satisfies Record<string, Options>;

/** The folder of runs and the sandbox, and of locks where the user's own folder cannot be written. */
export const STATE_FLAG = {
  state: { type: 'string', describe: 'folder of runs', default: '.domo-roles', requiresArg: true },
} as const satisfies Record<string, Options>;

/** Flags of every command that takes the lock of an instance. */
export const LOCK_FLAGS = {
  'wait-for-lock': {
    type: 'number',
    describe: 'seconds to wait while another run holds the lock of the instance',
    default: 0,
    requiresArg: true,
  },
} as const satisfies Record<string, Options>;

/** Flags of every command that plans. */
export const PLAN_FLAGS = {
  allow: {
    type: 'string',
    array: true,
    describe: 'let one guard pass in this run: CODE, or CODE=N',
    group: 'Guards:',
    requiresArg: true,
  },
  reason: { type: 'string', describe: 'why, for the record', group: 'Guards:', requiresArg: true },
  'impact-limit': {
    type: 'number',
    describe: 'names a list of gains or losses may hold',
    group: 'Output:',
    requiresArg: true,
  },
} as const satisfies Record<string, Options>;

/** Flags of commands that make a document: where else it goes, and what it is made against. */
export const DOCUMENT_FLAGS = {
  out: {
    type: 'string',
    describe: 'save the JSON document to this file',
    group: 'Output:',
    requiresArg: true,
  },
  report: {
    type: 'string',
    array: true,
    describe: 'another form beside: FORMAT=FILE',
    group: 'Output:',
    requiresArg: true,
  },
  against: {
    type: 'string',
    describe: 'a snapshot file instead of the instance: offline',
    group: 'Target:',
    requiresArg: true,
  },
} as const satisfies Record<string, Options>;

/** `--format` with its choices; the first is the default. */
export function formatFlag<const F extends readonly [string, ...string[]]>(formats: F) {
  const first: F[number] = formats[0];
  return {
    format: {
      choices: formats,
      default: first,
      describe: 'form of the result on stdout',
      group: 'Output:',
      requiresArg: true,
    },
  } as const;
}

/** The positional that names manifests. */
export function manifestPositional<T>(yargs: Argv<T>): Argv<T & { manifest: string[] }> {
  return yargs.positional('manifest', {
    type: 'string',
    array: true,
    default: [] as string[],
    defaultDescription: 'domo-roles.yaml, then domo-roles/',
    describe: 'files or folders',
  });
}
