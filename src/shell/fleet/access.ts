import { join } from 'node:path';
import { baseAddress } from '../../http/address.js';
import { digestOf } from '../../plan/digest.js';
import { ProblemError, problem, usageError } from '../../problem/problem.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import type { Access } from '../../reconcile/fleet/fleet-request.js';
import { note } from '../deliver.js';
import { variableValue } from '../environment.js';
import type { Environment } from '../environment.js';
import { sandboxFolder } from '../sandbox-folder.js';
import { hostNotice } from '../target.js';
import { resolveCredentials } from './credentials.js';
import type { CredentialFlags } from './credentials.js';

/** Flags for the addresses and credentials of a fleet. */
export interface FleetTargetFlags extends CredentialFlags {
  /** Contains `{name}`. */
  baseUrl?: string | undefined;
  /** A folder with one folder per instance; '' if the flag has no value. */
  sandbox?: string | undefined;
}

/** Resolves the address and credential of each instance. `names` are all entries, selected or not. */
export async function resolveAccess(
  { names, selected }: { names: readonly string[]; selected: readonly string[] },
  flags: FleetTargetFlags,
  environment: Environment,
): Promise<(entry: Pick<FleetEntry, 'name'>) => Access> {
  if (flags.sandbox !== undefined) return sandboxAccess(flags, environment);
  const template = templateOf(flags, selected, environment);
  if (template !== null) {
    checkTemplate(template);
    const notice = hostNotice(template.replaceAll('{name}', ANY_NAME));
    if (notice !== null) await note(environment, `note: ${notice.replaceAll(ANY_NAME, '{name}')}`);
  }
  const credentials = await resolveCredentials(names, flags, environment);
  return ({ name }) => {
    const credential = credentials.get(name);
    if (!credential || 'problem' in credential) {
      return credential ?? { problem: problem('no-credential', `there is no credential for "${name}"`) };
    }
    const baseUrl = (template ?? DOMO_TEMPLATE).replaceAll('{name}', name);
    return { target: { kind: 'instance', instance: name, baseUrl, secret: credential.secret } };
  };
}

async function sandboxAccess(
  flags: FleetTargetFlags,
  environment: Environment,
): Promise<(entry: Pick<FleetEntry, 'name'>) => Access> {
  if (flags.baseUrl !== undefined || flags.tokens !== undefined || flags.tokenDir !== undefined) {
    throw usageError('--sandbox cannot be combined with another target', {
      what: '--sandbox',
      hint: 'leave out --base-url, --tokens and --token-dir',
    });
  }
  const folder = await sandboxFolder(flags.sandbox ?? '', environment, {
    flag: '--sandbox',
    defaultFolder: FLEET_SANDBOX,
  });
  return ({ name }) => ({ target: { kind: 'sandbox', instance: name, folder: join(folder, name) } });
}

/** Default folder of the embedded instances of a fleet. */
export const FLEET_SANDBOX = '.domo-roles/fleet-sandbox';

const DOMO_TEMPLATE = 'https://{name}.domo.com';

/**
 * Identifies the addresses of a run for its log, which never contains them. Undefined for a run that sends no requests to
 * an address.
 */
export function addressDigest(
  flags: Pick<FleetTargetFlags, 'baseUrl' | 'sandbox'> & { snapshots?: string | undefined },
  environment: Environment,
): string | undefined {
  if (flags.sandbox !== undefined || flags.snapshots !== undefined) return undefined;
  const template = givenTemplate(flags, environment) ?? DOMO_TEMPLATE;
  return digestOf(addressOf(template.replace(/\/+$/u, ''), ANY_NAME));
}

/** The address template, from a flag or the environment, never from a file in the repository. */
function givenTemplate(
  { baseUrl }: Pick<FleetTargetFlags, 'baseUrl'>,
  { env }: Environment,
): string | undefined {
  return baseUrl ?? variableValue(env.DOMO_BASE_URL)?.trim();
}

function templateOf(
  flags: FleetTargetFlags,
  selected: readonly string[],
  environment: Environment,
): string | null {
  const template = givenTemplate(flags, environment);
  if (template === undefined) return null;
  if (selected.length > 1 && addressOf(template, ANY_NAME) === addressOf(template, `${ANY_NAME}-too`)) {
    throw usageError(
      '--base-url without {name} in its host or path would send the credentials of several instances to one address',
      {
        what: '--base-url',
        hint: 'write {name} where the name of the instance belongs',
      },
    );
  }
  return template.replace(/\/+$/u, '');
}

/** The address of an instance as it is used: without what `..` takes away. */
function addressOf(template: string, name: string): string {
  const filled = template.replaceAll('{name}', name);
  return URL.canParse(filled) ? new URL(filled).origin + new URL(filled).pathname : filled;
}

/** A placeholder name, to check the template. */
const ANY_NAME = 'any-name-of-the-fleet';

/** Rejects an invalid template once instead of for each instance. */
function checkTemplate(template: string): void {
  const filled = template.replaceAll('{name}', ANY_NAME);
  // A mistyped placeholder would send a credential to an address that is not the instance's. The address may hold a password.
  if (/[{}]/u.test(filled)) {
    throw usageError('the address has a brace that is not part of {name}', {
      what: '--base-url',
      hint: '{name} is the only placeholder of an address',
    });
  }
  try {
    baseAddress(filled);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [first] = error.problems;
    throw usageError((first?.message ?? '').replaceAll(ANY_NAME, '{name}'), {
      what: '--base-url',
      hint: 'write it as https://{name}.domo.com, or on this machine http://127.0.0.1:8080/{name}',
    });
  }
}
