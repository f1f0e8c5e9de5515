import { resolve } from 'node:path';
import { instanceName } from '../model/instance-name.js';
import { ProblemError, problem, usageError } from '../problem/problem.js';
import type { InstanceTarget, Target } from '../reconcile/connect.js';
import { readDotenv } from './dotenv-file.js';
import { noteInputs } from './ledger.js';
import { readFileOrPipe } from './read-pipe.js';
import { sandboxFolder } from './sandbox-folder.js';
import { variableValue } from './environment.js';
import type { Environment } from './environment.js';
import { systemCodeOf } from '../problem/system-error.js';
import { isLoopback } from '../http/proxy.js';

/** Flags of the target. */
export interface TargetFlags {
  instance?: string | undefined;
  baseUrl?: string | undefined;
  tokenFile?: string | undefined;
  /** The folder; '' if the flag has no value. */
  sandbox?: string | undefined;
}

/** The target, and a notice to print before the first request; null if there is none. */
type ResolvedTarget = Target & { notice: string | null };

type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Resolves the target from flags, then the environment, then `.env`. A `.env` file may come from a pull request, so it may
 * name a target only together with its own credential: otherwise it could redirect the token.
 */
export async function resolveTarget(flags: TargetFlags, environment: Environment): Promise<ResolvedTarget> {
  if (flags.sandbox !== undefined) {
    if (flags.instance !== undefined || flags.baseUrl !== undefined || flags.tokenFile !== undefined) {
      throw usageError('--sandbox cannot be combined with another target', {
        hint: 'leave out --instance, --base-url and --token-file',
      });
    }
    return {
      kind: 'sandbox',
      folder: await sandboxFolder(flags.sandbox, environment, { flag: '--sandbox' }),
      notice: null,
    };
  }
  const file = await readDotenv(environment);
  const own = await ownSecret(flags, environment);
  if (own && (isSet(file.DOMO_INSTANCE) || isSet(file.DOMO_BASE_URL))) {
    throw new ProblemError(
      problem(
        'bad-target',
        `.env names a target (${isSet(file.DOMO_BASE_URL) ? 'DOMO_BASE_URL' : 'DOMO_INSTANCE'}), and the secret comes from elsewhere`,
        {
          where: { file: '.env' },
          hint: 'a .env file may name a target only together with its own credential: remove the line, or set the target by flag or environment',
        },
      ),
    );
  }
  const settings: Settings = own ? environment.env : { ...file, ...defined(environment.env) };
  const secret = own ?? secretOf(file);
  const baseUrl = flags.baseUrl ?? variableValue(settings.DOMO_BASE_URL);
  const named = flags.instance ?? variableValue(settings.DOMO_INSTANCE);
  if (baseUrl === undefined && named === undefined) throw noTarget(secret !== null);
  const instance = named === undefined ? null : checkInstance(named);
  const address = baseUrl ?? `https://${instance}.domo.com`;
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  if (!secret) {
    // Never the address itself: it may contain a password.
    const what = instance ?? (host === '' ? 'the instance' : host);
    throw new ProblemError(
      problem('no-target', `there is no credential for ${what}`, {
        hint: 'set DOMO_ACCESS_TOKEN, or DOMO_USERNAME and DOMO_PASSWORD, or use --token-file FILE; or work on the embedded instance with --sandbox',
      }),
    );
  }
  return {
    kind: 'instance',
    // An address without a host is rejected when it is opened, whatever the name.
    instance: instance ?? (instanceName(host) || 'instance'),
    baseUrl: address.replace(/\/+$/u, ''),
    secret,
    notice: hostNotice(address),
  };
}

/** The notice for an address that is neither Domo's nor loopback; null otherwise, and if nothing is ever sent to it. */
export function hostNotice(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'https:') return null;
  const host = url.hostname;
  return isKnownHost(host)
    ? null
    : `the address ${host} is neither Domo's nor this machine: the credential goes there`;
}

/** Is a target named by flag, environment or `.env`, usable or not? */
export async function namesTarget(flags: TargetFlags, environment: Environment): Promise<boolean> {
  if ([flags.sandbox, flags.instance, flags.baseUrl].some((flag) => flag !== undefined)) return true;
  const file = await readDotenv(environment);
  return [environment.env, file].some(
    ({ DOMO_INSTANCE, DOMO_BASE_URL }) => isSet(DOMO_INSTANCE) || isSet(DOMO_BASE_URL),
  );
}

async function ownSecret(
  flags: TargetFlags,
  environment: Environment,
): Promise<InstanceTarget['secret'] | null> {
  if (flags.tokenFile === undefined) return secretOf(environment.env);
  const path = resolve(environment.cwd, flags.tokenFile);
  const text = await readFileOrPipe(path, environment).catch((cause: unknown) => {
    if (cause instanceof ProblemError) throw cause;
    throw new ProblemError(
      problem('bad-file', `the token file cannot be read (${systemCodeOf(cause) ?? 'unknown'})`, {
        where: { file: flags.tokenFile ?? '' },
      }),
      { cause },
    );
  });
  await noteInputs(environment, [flags.tokenFile]);
  const accessToken = text.trim();
  if (accessToken === '' || /\s/u.test(accessToken)) {
    throw new ProblemError(
      problem('bad-file', 'the token file does not hold one token', {
        where: { file: flags.tokenFile },
        hint: 'it must hold the token and nothing else',
      }),
    );
  }
  return { accessToken };
}

function secretOf(settings: Settings): InstanceTarget['secret'] | null {
  const accessToken = variableValue(settings.DOMO_ACCESS_TOKEN)?.trim();
  if (accessToken) return { accessToken };
  const username = variableValue(settings.DOMO_USERNAME);
  const password = variableValue(settings.DOMO_PASSWORD);
  return username !== undefined && password !== undefined ? { username, password } : null;
}

function checkInstance(text: string): string {
  const name = instanceName(text);
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u.test(name)) {
    throw new ProblemError(
      problem('bad-target', 'the name of the instance is not a host name', {
        where: { what: '--instance' },
        hint: 'for https://acme.domo.com write --instance acme; for another address use --base-url',
      }),
    );
  }
  return name;
}

function isKnownHost(host: string): boolean {
  return host === 'domo.com' || host.endsWith('.domo.com') || isLoopback(host);
}

function noTarget(hasSecret: boolean): ProblemError {
  return new ProblemError(
    problem(
      'no-target',
      hasSecret ? 'no instance was named' : 'no instance was named, and no credential given',
      {
        hint: 'set DOMO_INSTANCE (or --instance) with DOMO_ACCESS_TOKEN; or work on the embedded instance with --sandbox',
      },
    ),
  );
}

function defined(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => isSet(value)));
}

function isSet(variable: string | undefined): boolean {
  return variableValue(variable) !== undefined;
}
