import { openClient, type ClientOptions, type HttpClient } from '../http/client.js';
import { HttpError } from '../http/failure.js';
import type { Credential } from '../http/request.js';
import { DOMO_SERVICE, sessionCredential, tokenCredential } from './domo-service.js';
import { login } from './login.js';

/** Everything about the connection that a client takes, except the address and the credential. */
export type ConnectionOptions = Omit<ClientOptions, 'baseUrl' | 'credential' | 'instance' | 'service'>;

/** Who asks, and of which instance. Secrets are not among its fields, so that printing one shows none. */
export interface Auth {
  readonly kind: 'token' | 'password';
  /** Instance name, `acme`. */
  readonly instance: string;
  readonly baseUrl: string;
  /** What to send along; a password logs in at the first call and once. */
  credential(client: HttpClient): Promise<Credential>;
  /** The client that is used where a call brings no `session`; opened at the first call. */
  client(): HttpClient;
}

/** Where an instance is, and how to talk to it. */
export interface AuthTarget {
  instance: string;
  /** Default `https://INSTANCE.domo.com`. */
  baseUrl?: string;
  connection?: ConnectionOptions;
}

/** An access token, as the instance's administrators hand them out. */
export function tokenAuth(options: AuthTarget & { accessToken: string }): Auth {
  const { accessToken } = options;
  return { kind: 'token', ...target(options), credential: async () => tokenCredential(accessToken) };
}

/** User name and password. */
export function passwordAuth(options: AuthTarget & { username: string; password: string }): Auth {
  const { username, password } = options;
  let session: Promise<Credential> | null = null;
  return {
    kind: 'password',
    ...target(options),
    credential: (client) => {
      session ??= login(client, { username, password }).then(sessionCredential);
      // Only a login that may go better is tried again by the next call: refused ones lock accounts.
      session.catch((error: unknown) => {
        if (error instanceof HttpError && error.passing) session = null;
      });
      return session;
    },
  };
}

function target(options: AuthTarget): Pick<Auth, 'instance' | 'baseUrl' | 'client'> {
  const { instance, connection = {} } = options;
  const baseUrl = options.baseUrl ?? `https://${instance}.domo.com`;
  let client: HttpClient | null = null;
  return {
    instance,
    baseUrl,
    client: () => (client ??= openClient({ ...connection, baseUrl, instance, service: DOMO_SERVICE })),
  };
}
