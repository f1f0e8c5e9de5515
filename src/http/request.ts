import { problem, ProblemError } from '../problem/problem.js';
import { oneLine } from './redact.js';

/**
 * What proves who is asking: an access token, or the session that a login gave (headers by the Python
 * library); a bearer token for services beside Domo.
 */
export type Credential = { token: string } | { session: string } | { bearer: string };

/** One try, told once it has ended. `status` is null where no answer came. */
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
  /** `json` (default): it must be there and be JSON. `any`: nothing is asked of it, since Domo says little to a write. */
  answer?: 'json' | 'any';
  /** Null goes without; left out, the client's own. */
  credential?: Credential | null;
  /** Texts of this request that no message may show. */
  secrets?: readonly string[];
  /** The grant that it needs, for a useful hint. */
  needs?: string;
  /** Told of each try, beside the client's own hook. */
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

/** The header of a credential. Raises `authentication` for one that no header can carry. */
export function credentialHeader(credential: Credential): { name: string; secret: string; scheme?: string } {
  const header = headerOf(credential);
  if (/^[\x21-\x7e]+$/.test(header.secret)) return header;
  throw new ProblemError(
    problem('authentication', 'the access token or session is empty or holds characters that none can have', {
      hint: 'a blank or a line end may have been copied along',
    }),
  );
}

function headerOf(credential: Credential): { name: string; secret: string; scheme?: string } {
  if ('token' in credential) return { name: 'x-domo-developer-token', secret: credential.token };
  if ('session' in credential) return { name: 'x-domo-authentication', secret: credential.session };
  return { name: 'authorization', secret: credential.bearer, scheme: 'Bearer' };
}

/** The whole address of a request. */
export function urlOf(base: URL, { path, query }: HttpRequest): string {
  const url = new URL(path, base);
  // A path such as `//other.example` is an address of its own; the credential belongs to this one.
  if (url.origin !== base.origin)
    throw new ProblemError(problem('bad-target', 'the path of a request leads to another address'));
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
  return url.href;
}

/** What a reader says to a write. */
export function refusedWrite({ method, path }: HttpRequest): ProblemError {
  const what = oneLine(`${method} ${path}`);
  return new ProblemError(
    problem('read-only', `${what} would write, and this client only reads; nothing was sent`, {
      where: { what },
    }),
  );
}
