import type { ProblemCode } from '../problem/codes.js';
import { problem, ProblemError } from '../problem/problem.js';
import type { Proxy } from './proxy.js';
import { generalMeaning, type Service } from './service.js';

/** Why there is no usable response. */
export type NoReply =
  | 'dns'
  | 'dns-busy'
  | 'refused'
  | 'timeout'
  | 'certificate'
  | 'certificate-date'
  | 'certificate-name'
  | 'handshake'
  | 'reset'
  | 'unreadable'
  | 'request'
  | 'interrupted'
  | 'too-large'
  | 'other';

/** Raised by a transport that received no usable response. */
export class NoReplyError extends Error {
  override readonly name = 'NoReplyError';
  readonly reason: NoReply;

  constructor(reason: NoReply, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** A failed request. */
export class HttpError extends ProblemError {
  override readonly name: string = 'HttpError';
  /** The status of the response; null if there was none. */
  readonly status: number | null;
  /** Is the failure transient, so that the same request may succeed soon? */
  readonly isTemporary: boolean;
  /** The `Retry-After` header, if there was one. */
  readonly retryAfter: string | null;
  /** False if no try can have reached the server. */
  readonly sent: boolean;
  /** The body of the response, redacted: JSON as a value, else text; null if there was no response. */
  readonly body: unknown;

  constructor(failure: Failure, options?: { cause?: unknown; sent?: boolean }) {
    const { code, message, what, hint, status, isTemporary, retryAfter, body } = failure;
    super(problem(code, message, { where: { what }, hint }), options);
    this.status = status;
    this.isTemporary = isTemporary;
    this.retryAfter = retryAfter ?? null;
    this.sent = options?.sent ?? true;
    this.body = body ?? null;
  }
}

/** The report of a failed request, already redacted. `what` is method and path. */
export interface Failure {
  code: ProblemCode;
  message: string;
  what: string;
  hint: string | null;
  status: number | null;
  isTemporary: boolean;
  retryAfter?: string | null;
  body?: unknown;
}

/** The request that a failure is about. */
export interface FailedRequest {
  /** Method and path, one safe line. */
  what: string;
  host: string;
  /** The permission that this request needs, if known. */
  needs: string | null;
  service: Service;
  /** The proxy that it goes through, if any. */
  proxy: Pick<Proxy, 'address' | 'variable'> | null;
}

/**
 * The failure for a response that is not 2xx. `detail` is its message as one redacted line, '' if it has none; `text` is
 * the redacted body, and `wait` the `Retry-After` as one redacted line, null if it has none that can be obeyed.
 */
export function statusFailure(
  request: FailedRequest,
  answer: { status: number; detail: string; text: string; retryAfter: string | null; wait: string | null },
): Failure {
  const { what, needs, service } = request;
  const { status, detail, text, retryAfter, wait } = answer;
  const { code, means, hint } =
    service.meaningOf({ status, needs, body: text }) ?? generalMeaning(status, service, needs);
  const asked = wait === null ? '' : ` (Retry-After: ${wait})`;
  const quote = detail === '' ? '' : `: ${detail}`;
  return {
    code,
    message: `${what} returned ${status}, ${means}${asked}${quote}`,
    what,
    hint,
    status,
    isTemporary: status === 429 || status === 408 || (status >= 500 && status !== 501),
    retryAfter,
  };
}

/** The failure for a request without a usable response. `detail` is one redacted line. */
export function noReplyFailure(request: FailedRequest, reason: NoReply, detail: string): Failure {
  const { code, means, hint, isTemporary } = NO_REPLY[reason];
  const { host, proxy } = request;
  // The proxy may be the cause, so name it.
  const route = proxy ? ` through the proxy ${proxy.address} (from ${proxy.variable})` : '';
  const about = means.replace('{host}', `${host}${route}`);
  const quote = detail === '' ? '' : ` (${detail})`;
  return {
    code,
    message: `${request.what}: ${about}${quote}`,
    what: request.what,
    hint,
    status: null,
    isTemporary,
  };
}

const NO_REPLY: Readonly<
  Record<NoReply, { code: ProblemCode; means: string; hint: string | null; isTemporary: boolean }>
> = {
  dns: {
    code: 'unreachable',
    means: 'cannot resolve {host} (DNS): no such host',
    hint: 'check the instance name and the network connection of this machine',
    isTemporary: false,
  },
  'dns-busy': {
    code: 'unreachable',
    means: 'cannot resolve {host} (DNS): temporary failure',
    hint: 'check the network connection of this machine',
    isTemporary: true,
  },
  refused: {
    code: 'unreachable',
    means: 'connection refused by {host}',
    hint: 'check the address and port, and whether anything listens there',
    isTemporary: true,
  },
  timeout: {
    code: 'unreachable',
    means: 'timed out waiting for a response from {host}',
    hint: 'try again later, or raise the timeout',
    isTemporary: true,
  },
  certificate: {
    code: 'unreachable',
    means: 'cannot open a TLS connection to {host}: its certificate is not trusted',
    hint: 'behind a proxy that inspects TLS, set NODE_EXTRA_CA_CERTS to its certificate authority; verification cannot be turned off',
    isTemporary: false,
  },
  'certificate-date': {
    code: 'unreachable',
    means: 'cannot open a TLS connection to {host}: its certificate has expired or is not valid yet',
    hint: 'check the clock of this machine; if it is right, the certificate must be renewed',
    isTemporary: false,
  },
  'certificate-name': {
    code: 'unreachable',
    means: 'cannot open a TLS connection to {host}: its certificate is for another host',
    hint: 'check the instance name and the address; verification cannot be turned off',
    isTemporary: false,
  },
  handshake: {
    code: 'unreachable',
    means:
      'cannot open a TLS connection to {host}: the server does not support TLS, or no TLS version or cipher of this machine',
    hint: 'check the address and port, and whether a proxy or firewall is in between',
    isTemporary: false,
  },
  reset: {
    code: 'unreachable',
    means: 'the connection to {host} was closed before the response was complete',
    hint: 'try again later',
    isTemporary: true,
  },
  unreadable: {
    code: 'unreachable',
    means: 'the response of {host} cannot be read: it is not valid HTTP, or its compressed body is damaged',
    hint: 'check the address and port, and whether a proxy in between changes responses',
    isTemporary: true,
  },
  request: {
    code: 'internal',
    means: 'the request to {host} could not be made',
    hint: null,
    isTemporary: false,
  },
  interrupted: {
    code: 'interrupted',
    means: 'interrupted before a response arrived',
    hint: null,
    isTemporary: false,
  },
  'too-large': {
    code: 'answer-too-large',
    means: 'the response of {host} exceeds the size limit',
    hint: 'request smaller pages, or raise the limit',
    isTemporary: false,
  },
  other: {
    code: 'unreachable',
    means: 'no response from {host}',
    hint: 'check the address and the network',
    isTemporary: true,
  },
};

/** Reasons that prove that the request was not sent: no connection was made, or none that is trusted. */
const NEVER_LEFT: ReadonlySet<NoReply> = new Set([
  ...(['dns', 'dns-busy', 'refused', 'request'] as const),
  ...(['certificate', 'certificate-date', 'certificate-name'] as const),
]);

/** May a request that failed for this reason have reached the server? */
export function mayHaveArrived(reason: NoReply): boolean {
  return !NEVER_LEFT.has(reason);
}

/** The reason for the code of a network error. */
export function networkReason(code: string): NoReply {
  if (code === 'ENOTFOUND') return 'dns';
  if (code === 'EAI_AGAIN') return 'dns-busy';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ETIMEDOUT' || code === 'ECONNABORTED') return 'timeout';
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') return 'reset';
  // Errors of the HTTP parser and of decompression: there was a response.
  if (/^(HPE_|Z_|ERR__ERROR_|ERR_BROTLI_)/.test(code)) return 'unreadable';
  const secure = secureReason(code);
  if (secure) return secure;
  if (/^ERR_(INVALID|HTTP_INVALID|UNESCAPED|BAD_OPTION)/.test(code)) return 'request';
  return 'other';
}

/** Errors of OpenSSL by which no connection begins: another protocol, no common version or cipher, no client certificate. */
const HANDSHAKE =
  /WRONG_VERSION|PROTOCOL|HANDSHAKE|PACKET_LENGTH|HTTP_REQUEST|HTTPS_PROXY|CERTIFICATE|CIPHER|INSUFFICIENT_SECURITY|UNRECOGNIZED_NAME/;

/**
 * The reason for the code of a TLS error; null for other codes. Any other error of OpenSSL may come in the middle of a
 * response, so it counts as a broken connection.
 */
function secureReason(code: string): NoReply | null {
  if (code === 'EPROTO') return 'handshake';
  if (code.startsWith('ERR_SSL_')) return HANDSHAKE.test(code) ? 'handshake' : 'reset';
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code)) return 'certificate-date';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') return 'certificate-name';
  return /^ERR_TLS|^CERT|CERT$|_CERT_|SIGNATURE|_ISSUER_|^INVALID_|^PATH_LENGTH/.test(code)
    ? 'certificate'
    : null;
}
