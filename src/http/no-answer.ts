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

/** What is reported where no answer came, and whether the request may have left. */
export function noAnswer(
  error: NoReplyError,
  request: FailedRequest,
  { gateway, redact }: { gateway: Gateway | null; redact: (text: string) => string },
): { sent: boolean; failure: Failure } {
  const proxy = gateway?.proxy;
  // A try that ends before the proxy has ever opened a connection was waiting for the proxy.
  const isLate = error.reason === 'timeout' && gateway?.isOpen() === false;
  const fault = isLate ? new ProxyError('timeout', '') : error;
  if (proxy && fault instanceof ProxyError)
    return { sent: false, failure: proxyFailure(request, proxy, fault) };
  const failure = noReplyFailure(request, error.reason, oneLine(redact(error.message)));
  return { sent: mayHaveArrived(error.reason), failure };
}
