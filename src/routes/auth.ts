import { openClient, type ClientOptions, type HttpClient } from '../http/client.js';
import { HttpError } from '../http/failure.js';
import type { Credential } from '../http/request.js';
import { instanceName } from '../model/instance-name.js';
import { DOMO_SERVICE, sessionCredential, tokenCredential } from './domo-service.js';
import { login } from './login.js';

/** The options of a client, except for the address and the credential. */
export type ConnectionOptions = Omit<ClientOptions, 'baseUrl' | 'credential' | 'instance' | 'service'>;

/** The credential for one instance. It has no field with a secret, so that it can be printed safely. */
export interface Auth {
  readonly kind: 'token' | 'password';
  /** Instance name, `acme`, as it was given. */
  readonly instance: string;
  readonly baseUrl: string;
  /** Returns the credential to send. A password logs in once, at the first call. */
  credential(client: HttpClient): Promise<Credential>;
  /** Returns the client of calls without a `session`; opened at the first call. */
  client(): HttpClient;
}

/** The address of an instance, and the options of the connection. */
export interface AuthTarget {
  /** `acme`, or the whole host or address, `acme.domo.com`. */
  instance: string;
  /** Default `https://INSTANCE.domo.com`. */
  baseUrl?: string;
  connection?: ConnectionOptions;
}

/** Authenticates with an access token. */
export function tokenAuth(options: AuthTarget & { accessToken: string }): Auth {
  const { accessToken } = options;
  return { kind: 'token', ...target(options), credential: async () => tokenCredential(accessToken) };
}

/** Authenticates with a user name and a password. */
export function passwordAuth(options: AuthTarget & { username: string; password: string }): Auth {
  const { username, password } = options;
  let session: Promise<Credential> | null = null;
  return {
    kind: 'password',
    ...target(options),
    credential: (client) => {
      session ??= login(client, { username, password }).then(sessionCredential);
      // The next call retries the login only after a temporary failure, because refused logins lock accounts.
      session.catch((error: unknown) => {
        if (error instanceof HttpError && error.isTemporary) session = null;
      });
      return session;
    },
  };
}

function target(options: AuthTarget): Pick<Auth, 'instance' | 'baseUrl' | 'client'> {
  const { instance, connection = {} } = options;
  const baseUrl = options.baseUrl ?? `https://${instanceName(instance)}.domo.com`;
  let client: HttpClient | null = null;
  return {
    instance,
    baseUrl,
    client: () => (client ??= openClient({ ...connection, baseUrl, instance, service: DOMO_SERVICE })),
  };
}
