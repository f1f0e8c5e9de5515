import { describe, expect, it } from '@jest/globals';
import type { Gateway } from '../../src/http/agent.js';
import { NoReplyError } from '../../src/http/failure.js';
import type { FailedRequest } from '../../src/http/failure.js';
import { noAnswer } from '../../src/http/no-answer.js';
import { ProxyError } from '../../src/http/proxy-failure.js';
import { proxyFor } from '../../src/http/proxy.js';
import { DOMO_SERVICE } from '../../src/routes/domo-service.js';

const proxy = proxyFor(new URL('https://acme.domo.com'), { HTTPS_PROXY: 'http://proxy.acme.com:3128' });
const gateway = (isOpen: boolean, way = proxy): Gateway => ({
  agent: {} as Gateway['agent'],
  proxy: way,
  isOpen: () => isOpen,
});
const REQUEST: FailedRequest = {
  what: 'PUT /x',
  host: 'acme.domo.com',
  needs: null,
  service: DOMO_SERVICE,
  proxy: null,
};
const redact = (text: string): string => text.replaceAll('secret', '***');

describe('when no response arrives', () => {
  it.each<[string, NoReplyError, Gateway | null, boolean, string]>([
    ['an unknown host received nothing', new NoReplyError('dns', ''), null, false, 'acme.domo.com'],
    [
      'a port that refuses the connection received nothing',
      new NoReplyError('refused', ''),
      gateway(true, null),
      false,
      'acme.domo.com',
    ],
    [
      'a connection that breaks may have delivered it',
      new NoReplyError('reset', ''),
      null,
      true,
      'acme.domo.com',
    ],
    [
      'a host that does not answer in time may have received it',
      new NoReplyError('timeout', ''),
      gateway(true),
      true,
      'acme.domo.com',
    ],
    [
      'a proxy that never opened a connection was waited for',
      new NoReplyError('timeout', ''),
      gateway(false),
      false,
      'the proxy http://proxy.acme.com:3128 (from HTTPS_PROXY) did not respond in time',
    ],
    [
      'a proxy that refuses the tunnel delivered nothing',
      new ProxyError(403, ''),
      gateway(true),
      false,
      'does not allow connections to acme.domo.com (403)',
    ],
  ])('%s', (_, error, way, sent, text) => {
    const { sent: mayHaveArrived, failure } = noAnswer(error, REQUEST, { gateway: way, redact });
    expect([mayHaveArrived, failure.status]).toEqual([sent, null]);
    expect(failure.message).toContain(text);
  });

  it('the detail is one line without secrets', () => {
    const { failure } = noAnswer(new NoReplyError('other', 'secret\nline'), REQUEST, {
      gateway: null,
      redact,
    });
    expect(failure.message).toContain('(*** line)');
  });
});
