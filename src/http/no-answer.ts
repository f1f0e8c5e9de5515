import type { Gateway } from './agent.js';
import {
  mayHaveArrived,
  noReplyFailure,
  type Failure,
  type FailedRequest,
  type NoReplyError,
} from './failure.js';
import { ProxyError, proxyFailure } from './proxy-failure.js';
import { oneLine } from './redact.js';

/** The error for a request without a response; `sent` is false if the request cannot have reached the server. */
export function noAnswer(
  error: NoReplyError,
  request: FailedRequest,
  { gateway, redact }: { gateway: Gateway | null; redact: (text: string) => string },
): { sent: boolean; failure: Failure } {
  const proxy = gateway?.proxy;
  // If the proxy has never opened a tunnel, the try was still waiting for the proxy.
  const isLate = error.reason === 'timeout' && gateway?.isOpen() === false;
  const fault = isLate ? new ProxyError('timeout', '') : error;
  if (proxy && fault instanceof ProxyError)
    return { sent: false, failure: proxyFailure(request, proxy, fault) };
  const failure = noReplyFailure(request, error.reason, oneLine(redact(error.message)));
  return { sent: mayHaveArrived(error.reason), failure };
}
