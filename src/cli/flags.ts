import { number, text, texts, toggle, yes } from './flag-kinds.js';
import { PARTS } from '../manifest/selection.js';
import type { Argv, Options } from 'yargs';
import { DASHED_CHOICES } from './flag-values.js';

/** Flags of the target and of requests. */
export const TARGET_FLAGS = {
  instance: text('name of the instance, as in https://INSTANCE.domo.com (or DOMO_INSTANCE)', 'Target:'),
  'base-url': text('address of the instance, if it is not on domo.com (or DOMO_BASE_URL)', 'Target:'),
  'token-file': text('file with the access token (or DOMO_ACCESS_TOKEN)', 'Target:'),
  sandbox: {
    type: 'string',
    describe: 'use the embedded instance, with its state in [FOLDER]',
    group: 'Target:',
  },
  timeout: number('timeout of one attempt of a request, in seconds (or DOMO_ROLES_TIMEOUT)', 'Target:'),
  budget: number(
    'time limit of a request with all its attempts, in seconds (or DOMO_ROLES_BUDGET)',
    'Target:',
  ),
  retries: number('retries of a request (or DOMO_ROLES_RETRIES)', 'Target:'),
  concurrency: number('concurrent requests (or DOMO_ROLES_CONCURRENCY)', 'Target:'),
  'page-size': number('people per page of the user search (or DOMO_ROLES_PAGE_SIZE)', 'Target:'),
  verbose: toggle('print every request on stderr', 'Output:'),
} as const satisfies Record<string, Options>;

/** `--verbose` of commands whose text also lists the requests of the changes. */
export const VERBOSE_PLAN_FLAG = {
  verbose: toggle('print every request on stderr, and in text list those of the changes', 'Output:'),
} as const satisfies Record<string, Options>;

/** The folder of `--state` unless another is given. */
export const DEFAULT_STATE = '.domo-roles';

/** The folder of runs and the sandbox, and of locks if the user's own folder cannot be written. */
export const STATE_FLAG = {
  state: { ...text('folder that keeps runs'), default: DEFAULT_STATE },
} as const satisfies Record<string, Options>;

/** Flags of every command that takes the lock of an instance. */
export const LOCK_FLAGS = {
  'wait-for-lock': { ...number('seconds to wait for the lock of the instance'), default: 0 },
} as const satisfies Record<string, Options>;

/** Flags of every command that plans. */
export const PLAN_FLAGS = {
  allow: texts('allow one guard to be exceeded in this run: CODE, CODE=N or rule=NAME', 'Guards:'),
  reason: text('reason for --allow, for the record', 'Guards:'),
  'impact-limit': number(
    'maximum number of names in a list of gains or losses, and of entries in other lists',
    'Output:',
  ),
} as const satisfies Record<string, Options>;

/** Flags of every command that uses a policy. */
export const POLICY_FLAG = {
  policy: text('apply this policy file on top of the manifest: FILE, or REV:PATH from git', 'Guards:'),
} as const satisfies Record<string, Options>;

/** Plans only the ends of memberships. */
export const ONLY_EXPIRED_FLAG = {
  'only-expired': toggle('only end the memberships whose `until` has passed; other problems do not stop it'),
} as const satisfies Record<string, Options>;

/** How far to look back for who made a change. */
export const SINCE_FLAG = {
  since: { ...number('days of the audit log to read'), defaultDescription: '30' },
} as const satisfies Record<string, Options>;

/** The catalogue to check grants with, offline. */
export const CATALOGUE_FLAG = {
  catalogue: text(
    'also check grants against a snapshot, the output of `get authorities --format json`, or an API response',
  ),
} as const satisfies Record<string, Options>;

/** Where drift posts its document. */
export const WEBHOOK_FLAGS = {
  webhook: text('post drift to this URL'),
  'webhook-format': {
    choices: DASHED_CHOICES['webhook-format'],
    defaultDescription: 'json',
    describe: 'format of the post',
    requiresArg: true,
  },
} as const satisfies Record<string, Options>;

/** Flags of commands that make a document: its output files, and the snapshot to use. */
export const DOCUMENT_FLAGS = {
  out: text('save the JSON document to this file', 'Output:'),
  report: texts('also write a report: FORMAT=FILE', 'Output:'),
  against: text('work offline, against a snapshot file', 'Target:'),
} as const satisfies Record<string, Options>;

/** Flags of `doctor --probe`. */
export const PROBE_FLAGS = {
  probe: toggle('find out how the instance behaves'),
  yes: yes('with --probe: create throwaway roles, and delete them'),
  state: { ...text('folder that keeps runs'), defaultDescription: DEFAULT_STATE },
  'wait-for-lock': { ...LOCK_FLAGS['wait-for-lock'], default: undefined, defaultDescription: '0' },
} as const satisfies Record<string, Options>;

/** The layout of an exported manifest. */
export const MANIFEST_FLAGS = {
  split: toggle('manifest with one file per role', 'Output:'),
  'members-files': toggle('manifest with members in separate files', 'Output:'),
  compact: toggle('manifest with grants factored into sets and from, instead of plain lists', 'Output:'),
} as const satisfies Record<string, Options>;

/** Flags of commands that export or compare parts of an instance. */
export const SELECTION_FLAGS = {
  only: texts('only this role, by name (repeatable)', 'Selection:'),
  without: texts(`leave out PART[,PART]: ${PARTS.join(', ')}`, 'Selection:'),
} as const satisfies Record<string, Options>;

/** Groups roles in reports. */
export const GROUP_FLAG = {
  'group-by': {
    choices: DASHED_CHOICES['group-by'],
    describe: 'group roles in text, markdown and html by their owner in the manifest',
    group: 'Output:',
    requiresArg: true,
  },
} as const satisfies Record<string, Options>;

/** Shows the owners of roles in an export. */
export const OWNERS_FLAG = {
  'group-by': {
    ...GROUP_FLAG['group-by'],
    describe:
      'with --format html, csv or matrix-csv: the owners of roles, from the manifest (html groups the roles by owner)',
  },
} as const satisfies Record<string, Options>;

/** `--format` with its choices; the first is the default. */
export function formatFlag<const F extends readonly [string, ...string[]]>(formats: F) {
  const first: F[number] = formats[0];
  return {
    format: {
      choices: formats,
      default: first,
      describe: 'format of the result on stdout',
      group: 'Output:',
      requiresArg: true,
    },
  } as const;
}

/** The positional that names manifests. */
export function manifestPositional<T>(
  yargs: Argv<T>,
  describe = 'files or folders',
): Argv<T & { manifest: string[] }> {
  return yargs.positional('manifest', {
    type: 'string',
    array: true,
    default: [] as string[],
    defaultDescription: 'domo-roles.yaml, then domo-roles/',
    describe,
  });
}
