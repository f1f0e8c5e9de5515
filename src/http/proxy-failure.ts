import { NoReplyError, networkReason, type Failure, type FailedRequest, type NoReply } from './failure.js';
import type { Proxy } from './proxy.js';
import { systemCodeOf } from '../problem/system-error.js';

/** The failure at the proxy: the status of its response, or why there was none. */
export type ProxyFault = number | NoReply;

/** The proxy opened no tunnel to the host, so nothing of the request has left this machine. */
export class ProxyError extends NoReplyError {
  readonly fault: ProxyFault;

  constructor(fault: ProxyFault, detail: string) {
    super(typeof fault === 'number' ? 'refused' : fault, detail);
    this.fault = fault;
  }
}

/** Classifies a failed connection to the proxy. Keeps only the system's error code: its message may quote the response. */
export function proxyErrorOf(error: unknown): ProxyError {
  const code = systemCodeOf(error);
  return code === null ? new ProxyError('other', '') : new ProxyError(networkReason(code), code);
}

/** The report of a proxy that opened no tunnel, without its user name and password. */
export function proxyFailure(
  { what, host }: FailedRequest,
  proxy: Proxy,
  { fault, message: detail }: ProxyError,
): Failure {
  const { means, hint, isTemporary } = explanationOf(fault, { host, proxy });
  const quote = detail === '' ? '' : ` (${detail})`;
  return {
    code: 'unreachable',
    message: `${what}: the proxy ${proxy.address} (from ${proxy.variable}) ${means}${quote}`,
    what,
    hint: `${hint}; or list ${host} in NO_PROXY if it can be reached without the proxy`,
    status: null,
    isTemporary,
  };
}

interface Explanation {
  means: string;
  hint: string;
  /** Is the failure transient? */
  isTemporary: boolean;
}

function explanationOf(fault: ProxyFault, route: { host: string; proxy: Proxy }): Explanation {
  return typeof fault === 'number'
    ? statusExplanation(fault, route)
    : connectionExplanation(fault, route.proxy);
}

function statusExplanation(status: number, { host, proxy }: { host: string; proxy: Proxy }): Explanation {
  const { variable } = proxy;
  if (status === 407) {
    return {
      means: proxy.hasPassword
        ? 'rejected the user name and password (407)'
        : 'requires a user name and password (407)',
      hint: `set ${variable} to http://USER:PASSWORD@HOST:PORT, with special characters as %XX`,
      isTemporary: false,
    };
  }
  if (status === 403) {
    return {
      means: `does not allow connections to ${host} (403)`,
      hint: `ask the administrator of the proxy to allow ${host}`,
      isTemporary: false,
    };
  }
  const isTemporary = status === 408 || status === 429 || status >= 500;
  return {
    means: `could not connect to ${host}: it returned ${status}`,
    hint: isTemporary
      ? `try again later, and check the host name and that the proxy can reach it`
      : `check that ${variable} names a proxy, not a web server`,
    isTemporary,
  };
}

function connectionExplanation(reason: NoReply, { variable }: Proxy): Explanation {
  const check = `check the address and port in ${variable}, and that the proxy is running`;
  switch (reason) {
    case 'dns':
      return { means: 'cannot be resolved (DNS): no such host', hint: check, isTemporary: false };
    case 'dns-busy':
      return { means: 'cannot be resolved (DNS): temporary failure', hint: check, isTemporary: true };
    case 'refused':
      return { means: 'refused the connection', hint: check, isTemporary: true };
    case 'timeout':
      return { means: 'did not respond in time', hint: check, isTemporary: true };
    case 'reset':
      return { means: 'closed the connection before it responded', hint: check, isTemporary: true };
    case 'certificate':
    case 'certificate-date':
    case 'certificate-name':
    case 'handshake':
      return {
        means: 'failed the TLS handshake, or its certificate is not trusted',
        hint: `set NODE_EXTRA_CA_CERTS to its certificate authority, or write http:// in ${variable} if the proxy does not use TLS`,
        isTemporary: false,
      };
    case 'unreadable':
    case 'request':
    case 'interrupted':
    case 'too-large':
    case 'other':
      return { means: 'sent an invalid response', hint: check, isTemporary: true };
  }
}
