import { problem, ProblemError } from '../problem/problem.js';
import { oneLine } from './redact.js';

/** What proves who is asking: a secret in a header. */
export interface Credential {
  /** In lower case. */
  header: string;
  secret: string;
  /** A word before the secret, as in `Bearer …`. */
  scheme?: string;
}

/** A bearer token. */
export function bearerCredential(token: string): Credential {
  return { header: 'authorization', secret: token, scheme: 'Bearer' };
}

/** One try, once it has ended. `status` is null where no answer came. */
export interface SeenRequest {
  method: string;
  /** Without the query. */
  path: string;
  status: number | null;
  ms: number;
  /** From 1. */
  attempt: number;
}

/** One try in full, as it went out. Secrets are masked in the address and the headers. */
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
  /** Marks a `POST` that reads: user search and login. It may pass a reader and may be sent again. */
  read?: true;
  /** Sent again after a passing failure? Default: all but `POST` and `PATCH`. */
  idempotent?: boolean;
  /** `json` (default): the answer must have a body, and it must be JSON. `any`: whatever a success carries is accepted. */
  answer?: 'json' | 'any';
  /** Null goes without; left out, the client's own. */
  credential?: Credential | null;
  /** Texts of this request that no message may show. */
  secrets?: readonly string[];
  /** The permission that it needs, for a useful hint. */
  needs?: string;
  /** Called after each try, beside the client's own hook. */
  onTry?: (tried: TriedRequest) => void;
}

/** Does it only read? */
export function isRead(request: HttpRequest): boolean {
  return request.method === 'GET' || (request.method === 'POST' && request.read === true);
}

/** Does it do no harm to send it twice? */
export function maySendAgain(request: HttpRequest): boolean {
  return request.idempotent ?? (isRead(request) || request.method === 'PUT' || request.method === 'DELETE');
}

/** The value of a credential's header. Raises `authentication` for a secret that no header can carry. */
export function credentialValue({ secret, scheme }: Credential): string {
  if (/^[\x21-\x7e]+$/.test(secret)) return scheme === undefined ? secret : `${scheme} ${secret}`;
  throw new ProblemError(
    problem('authentication', 'the token is empty or has characters that a header cannot carry', {
      hint: 'a space or a line end may have been copied along',
    }),
  );
}

/** The whole address of a request. */
export function urlOf(base: URL, { path, query }: HttpRequest): string {
  const prefix = base.pathname.replace(/\/+$/u, '');
  const url = new URL(prefix === '' ? path : `${prefix}/${path.replace(/^\//u, '')}`, base);
  // A path such as `//other.example` or `/../other` is an address of its own; the credential belongs to this one.
  if (url.origin !== base.origin || !url.pathname.startsWith(`${prefix}/`))
    throw new ProblemError(problem('bad-target', 'the path of a request leads to another address'));
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
  return url.href;
}

/** The error of a client that only reads, for a request that would write. */
export function refusedWrite({ method, path }: HttpRequest): ProblemError {
  const what = oneLine(`${method} ${path}`);
  return new ProblemError(
    problem('read-only', `${what} would write, and this client only reads; nothing was sent`, {
      where: { what },
    }),
  );
}
