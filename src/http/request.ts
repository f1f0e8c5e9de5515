import { problem, ProblemError } from '../problem/problem.js';
import type { ItemReader } from './list-in-parts.js';
import { oneLine } from './redact.js';

/** A secret that is sent in a header. */
export interface Credential {
  /** In lower case. */
  header: string;
  secret: string;
  /** The word before the secret, as in `Bearer …`. */
  scheme?: string;
}

/** A bearer token. */
export function bearerCredential(token: string): Credential {
  return { header: 'authorization', secret: token, scheme: 'Bearer' };
}

/** A finished try. `status` is null if there was no response. */
export interface SeenRequest {
  method: string;
  /** Without the query. */
  path: string;
  status: number | null;
  ms: number;
  /** From 1. */
  attempt: number;
}

/** A finished try with its request. Secrets are masked in the address and the headers. */
export interface TriedRequest extends SeenRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** A request. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string | number | boolean>>;
  body?: unknown;
  /** Marks a `POST` that only reads: user search and login. A read-only client may send it, and it may be retried. */
  read?: true;
  /** Retry after a transient failure? Default: true for all methods but `POST` and `PATCH`. */
  idempotent?: boolean;
  /** `json` (default): the response must have a JSON body. `any`: a successful response may have any body. */
  answer?: 'json' | 'any';
  /** Reads the items of a list in the body. Only for a JSON response to a read. */
  items?: ItemReader;
  /** Null sends none. Default: the client's credential. */
  credential?: Credential | null;
  /** Secrets in this request that no message may show. */
  secrets?: readonly string[];
  /** The permission that the request needs, for the hint of a failure. */
  needs?: string;
  /** Called after each try, in addition to the client's hook. */
  onTry?: (tried: TriedRequest) => void;
}

/** Does it only read? */
export function isRead(request: HttpRequest): boolean {
  return request.method === 'GET' || (request.method === 'POST' && request.read === true);
}

/** Is it safe to send the request twice? */
export function maySendAgain(request: HttpRequest): boolean {
  return request.idempotent ?? (isRead(request) || request.method === 'PUT' || request.method === 'DELETE');
}

/** The value of a credential's header. Raises `authentication` for a secret that a header cannot contain. */
export function credentialValue({ secret, scheme }: Credential): string {
  if (isHeaderText(secret)) return scheme === undefined ? secret : `${scheme} ${secret}`;
  throw new ProblemError(
    problem('authentication', 'the token is empty or has characters that a header cannot contain', {
      hint: 'check for a space or line break that was copied with it',
    }),
  );
}

/**
 * Can a header hold this as a secret? From JavaScript, a secret may also be `undefined`: an environment variable that is not
 * set.
 */
export function isHeaderText(secret: unknown): secret is string {
  return typeof secret === 'string' && /^[\x21-\x7e]+$/.test(secret);
}

/** The whole address of a request. */
export function urlOf(base: URL, { path, query }: HttpRequest): string {
  const prefix = base.pathname.replace(/\/+$/u, '');
  const url = new URL(prefix === '' ? path : `${prefix}/${path.replace(/^\//u, '')}`, base);
  // A path such as `//other.example` or `/../other` leads to another address, which must not receive the credential.
  if (url.origin !== base.origin || !url.pathname.startsWith(`${prefix}/`))
    throw new ProblemError(problem('bad-target', 'the path of a request leads to another address'));
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
  return url.href;
}

/** The error of a client that only reads, for a request that would write. */
export function refusedWrite({ method, path }: HttpRequest): ProblemError {
  const what = oneLine(`${method} ${path}`);
  return new ProblemError(
    problem('read-only', `${what} would write, but this client is read-only; nothing was sent`, {
      where: { what },
    }),
  );
}
