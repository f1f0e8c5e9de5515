import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { addTo } from '../../model/group.js';
import { parsedOrNull } from '../../model/json-text.js';
import { ProblemError, problem, usageError } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import { instanceName, variableSuffix } from '../../model/instance-name.js';
import { quotedName } from '../../model/quoted-name.js';
import { shortenedList } from '../../model/shortened-list.js';
import type { InstanceTarget } from '../../reconcile/connect.js';
import { shellPath } from '../../render/format/shell-word.js';
import { withoutMark } from '../input.js';
import { noteInputs } from '../ledger.js';
import { readFileOrPipe } from '../read-pipe.js';
import { variableValue } from '../environment.js';
import type { Environment } from '../environment.js';
import { duplicateKey } from './json-keys.js';
import { isHidden, systemCodeOf } from '../../problem/system-error.js';

/** Where credentials are: files, named from the working folder, and variables. */
type CredentialPlaces = Pick<Environment, 'cwd' | 'env' | 'ledger' | 'signal' | 'sleep'>;

/** The sources of credentials. An inventory never contains any. */
export interface CredentialFlags {
  /** A folder with a file per instance. */
  tokenDir?: string | undefined;
  /** A JSON object from names to tokens. */
  tokens?: string | undefined;
  only?: readonly string[] | undefined;
}

/** The credential of an instance, or the problem why there is none. */
export type Credential = { secret: InstanceTarget['secret'] } | { problem: Problem };

/**
 * Finds the credential of each instance: the first of `--token-dir`, `--tokens`, the variables with its name, and, for
 * the one instance that `DOMO_INSTANCE` or a literal `--only` names, `DOMO_ACCESS_TOKEN`. A credential is bound to a
 * name: nothing in an inventory can move it to another instance. Instances that share a token have none.
 */
export async function resolveCredentials(
  names: readonly string[],
  flags: CredentialFlags,
  environment: CredentialPlaces,
): Promise<ReadonlyMap<string, Credential>> {
  const tokens = flags.tokens === undefined ? null : await readTokens(flags.tokens, names, environment);
  const folder = flags.tokenDir === undefined ? null : await openTokenDir(flags.tokenDir, environment);
  const own = ownName(flags, environment.env);
  const found = new Map<string, Credential>();
  for (const name of names) {
    found.set(
      name,
      (folder === null ? null : await fromFolder(name, folder, environment)) ??
        fromTokens(name, tokens) ??
        fromEnvironment(name, environment.env) ??
        (name === own ? fromVariables('', environment.env) : null) ?? { problem: noCredential(name) },
    );
  }
  return withoutShared(found);
}

/** The instance that the variables without a name belong to. */
function ownName({ only }: CredentialFlags, env: Environment['env']): string | null {
  const named = env.DOMO_INSTANCE?.trim();
  if (named) return instanceName(named);
  const [first, ...more] = only ?? [];
  return first !== undefined && more.length === 0 && !/[*?]/u.test(first) ? first : null;
}

async function openTokenDir(dir: string, environment: CredentialPlaces): Promise<string> {
  const path = resolve(environment.cwd, dir);
  const found = await stat(path).catch((error: unknown) => {
    if (!isHidden(error)) return null;
    const message = `the token folder ${quotedName(dir)} cannot be used (${systemCodeOf(error)})`;
    throw new ProblemError(problem('bad-file', message, { where: { what: '--token-dir' } }));
  });
  if (!found?.isDirectory()) {
    throw usageError(`the token folder ${quotedName(dir)} ${found ? 'is not a folder' : 'does not exist'}`, {
      what: '--token-dir',
      hint: 'it must contain a file per instance, named after the instance',
    });
  }
  return path;
}

/** Reads the file of an instance. Follows links, because Kubernetes mounts Secrets as links. */
async function fromFolder(
  name: string,
  folder: string,
  environment: CredentialPlaces,
): Promise<Credential | null> {
  const path = join(folder, name);
  try {
    const text = await readFileOrPipe(path, environment);
    await noteInputs(environment, [path]);
    return tokenOf(text, `the token file of ${quotedName(name)}`);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const code = systemCodeOf(error) ?? 'unknown';
    if (code === 'ENOENT') return null;
    const message = `the token file of ${quotedName(name)} cannot be read (${code})`;
    return { problem: problem('bad-file', message, { where: { what: '--token-dir' } }) };
  }
}

async function readTokens(
  file: string,
  names: readonly string[],
  environment: CredentialPlaces,
): Promise<ReadonlyMap<string, unknown>> {
  const path = resolve(environment.cwd, file);
  const where = { what: '--tokens' };
  const unreadable = (error: unknown): never => {
    if (error instanceof ProblemError) throw error;
    const code = systemCodeOf(error) ?? 'unknown';
    const message = `the tokens file ${quotedName(file)} cannot be read (${code})`;
    throw new ProblemError(problem('bad-file', message, { where }));
  };
  const found = await stat(path).catch(unreadable);
  if (process.platform !== 'win32' && found.isFile() && (found.mode & 0o007) !== 0) {
    const hint = `make it private: chmod o-rwx ${shellPath(file)}`;
    throw new ProblemError(
      problem(
        'bad-file',
        `the tokens file ${quotedName(file)} can be read by every account of this machine`,
        {
          where,
          hint,
        },
      ),
    );
  }
  await noteInputs(environment, [file]);
  const text = await readFileOrPipe(path, environment).catch(unreadable);
  const value = parsedOrNull(withoutMark(text));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const hint = 'it must contain a JSON object that maps instance names to tokens';
    const message = `the tokens file ${quotedName(file)} is not a JSON object`;
    throw new ProblemError(problem('bad-file', message, { where, hint }));
  }
  refuseDuplicates(text, { file, names });
  return new Map(Object.entries(value));
}

/** A key that is no name of the fleet is not shown: in a file the wrong way round it is a token. */
function refuseDuplicates(text: string, { file, names }: { file: string; names: readonly string[] }): void {
  const found = duplicateKey(text);
  if (found === null) return;
  const name = names.includes(found.key) ? quotedName(found.key) : 'a name';
  const [first, second] = found.lines;
  const message = `the tokens file ${quotedName(file)} has ${name} twice, on line ${first} and on line ${second}`;
  const hint = 'keep one of the two tokens';
  throw new ProblemError(problem('bad-file', message, { where: { what: '--tokens' }, hint }));
}

function fromTokens(name: string, tokens: ReadonlyMap<string, unknown> | null): Credential | null {
  const value = tokens?.get(name);
  if (value === undefined) return null;
  if (typeof value !== 'string') {
    const message = `the token of ${quotedName(name)} is not a text`;
    return { problem: problem('bad-file', message, { where: { what: '--tokens' } }) };
  }
  return tokenOf(value, `the token of ${quotedName(name)}`);
}

function fromEnvironment(name: string, env: Environment['env']): Credential | null {
  return fromVariables(variableSuffix(name), env);
}

function fromVariables(suffix: string, env: Environment['env']): Credential | null {
  const token = variableValue(env[`DOMO_ACCESS_TOKEN${suffix}`]);
  if (token !== undefined) return tokenOf(token, `DOMO_ACCESS_TOKEN${suffix}`);
  const username = variableValue(env[`DOMO_USERNAME${suffix}`]);
  const password = variableValue(env[`DOMO_PASSWORD${suffix}`]);
  return username !== undefined && password !== undefined ? { secret: { username, password } } : null;
}

function tokenOf(text: string, what: string): Credential {
  const accessToken = text.trim();
  if (accessToken !== '' && !/\s/u.test(accessToken)) return { secret: { accessToken } };
  return {
    problem: problem('bad-file', `${what} is not one token`, {
      hint: 'it must hold the token and nothing else',
    }),
  };
}

function noCredential(name: string): Problem {
  return problem('no-credential', `there is no credential for ${quotedName(name)}`, {
    hint: `use --token-dir or --tokens, or set DOMO_ACCESS_TOKEN${variableSuffix(name)}`,
  });
}

/** Rejects tokens that several instances share: they were probably copied by mistake. */
function withoutShared(found: ReadonlyMap<string, Credential>): ReadonlyMap<string, Credential> {
  const byToken = new Map<string, string[]>();
  for (const [name, credential] of found) {
    if (!('secret' in credential) || !('accessToken' in credential.secret)) continue;
    const { accessToken } = credential.secret;
    addTo(byToken, accessToken, name);
  }
  const shared = new Map<string, string[]>();
  for (const names of byToken.values()) {
    if (names.length > 1)
      for (const name of names)
        shared.set(
          name,
          names.filter((other) => other !== name),
        );
  }
  return new Map(
    [...found].map(([name, credential]) => {
      const others = shared.get(name);
      return [name, others ? { problem: sharedToken(name, others) } : credential];
    }),
  );
}

function sharedToken(name: string, others: readonly string[]): Problem {
  const list = shortenedList(others.map(quotedName), 5);
  return problem('shared-token', `${quotedName(name)} has the same token as ${list}: nothing is sent`, {
    hint: 'a token belongs to one instance: each instance needs its own',
  });
}
