import { describe, expect, it } from '@jest/globals';
import type { FailedRequest, NoReply } from '../../src/http/failure.js';
import { ProxyError, proxyErrorOf, proxyFailure } from '../../src/http/proxy-failure.js';
import type { ProxyFault } from '../../src/http/proxy-failure.js';
import { proxyFor } from '../../src/http/proxy.js';
import { DOMO_SERVICE } from '../../src/routes/domo-service.js';

const proxyAt = (address: string) => {
  const proxy = proxyFor(new URL('https://acme.domo.com'), { HTTPS_PROXY: address });
  if (!proxy) throw new TypeError('no proxy');
  return proxy;
};
const PROXY = proxyAt('http://proxy.acme.com:3128');
const WITH_PASSWORD = proxyAt('http://ana:secret@proxy.acme.com:3128');
const REQUEST: FailedRequest = {
  what: 'GET /x',
  host: 'acme.domo.com',
  needs: null,
  service: DOMO_SERVICE,
  proxy: PROXY,
};

describe('a proxy that cannot connect', () => {
  it.each<[ProxyFault, string, string, boolean]>([
    [
      407,
      'requires a user name and password (407)',
      'set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT',
      false,
    ],
    [
      403,
      'does not allow connections to acme.domo.com (403)',
      'ask the administrator of the proxy to allow acme.domo.com',
      false,
    ],
    [408, 'could not connect to acme.domo.com: it returned 408', 'try again later', true],
    [429, 'could not connect to acme.domo.com: it returned 429', 'try again later', true],
    [502, 'could not connect to acme.domo.com: it returned 502', 'try again later', true],
    [
      404,
      'could not connect to acme.domo.com: it returned 404',
      'check that HTTPS_PROXY names a proxy',
      false,
    ],
    [
      499,
      'could not connect to acme.domo.com: it returned 499',
      'check that HTTPS_PROXY names a proxy',
      false,
    ],
    ['dns', 'cannot be resolved (DNS): no such host', 'check the address and port in HTTPS_PROXY', false],
    ['dns-busy', 'cannot be resolved (DNS): temporary failure', 'check the address and port', true],
    ['refused', 'refused the connection', 'check the address and port', true],
    ['timeout', 'did not respond in time', 'check the address and port', true],
    ['reset', 'closed the connection before it responded', 'check the address and port', true],
    [
      'certificate',
      'failed the TLS handshake, or its certificate is not trusted',
      'NODE_EXTRA_CA_CERTS',
      false,
    ],
    [
      'certificate-date',
      'failed the TLS handshake, or its certificate is not trusted',
      'NODE_EXTRA_CA_CERTS',
      false,
    ],
    [
      'certificate-name',
      'failed the TLS handshake, or its certificate is not trusted',
      'NODE_EXTRA_CA_CERTS',
      false,
    ],
    [
      'handshake',
      'failed the TLS handshake, or its certificate is not trusted',
      'NODE_EXTRA_CA_CERTS',
      false,
    ],
    ['interrupted', 'sent an invalid response', 'check the address and port', true],
    ['other', 'sent an invalid response', 'check the address and port', true],
  ])('%s: %s', (fault, means, hint, isTemporary) => {
    const failure = proxyFailure(REQUEST, PROXY, new ProxyError(fault, ''));
    expect(failure).toMatchObject({
      code: 'unreachable',
      message: `GET /x: the proxy http://proxy.acme.com:3128 (from HTTPS_PROXY) ${means}`,
      what: 'GET /x',
      status: null,
      isTemporary,
    });
    expect(failure.hint).toContain(hint);
    expect(failure.hint).toMatch(
      /; or list acme\.domo\.com in NO_PROXY if it can be reached without the proxy$/u,
    );
  });

  it('is reported without its rejected user name and password', () => {
    const { message, hint } = proxyFailure(REQUEST, WITH_PASSWORD, new ProxyError(407, 'ECODE'));
    expect(message).toContain('rejected the user name and password (407) (ECODE)');
    expect(`${message} ${hint}`).not.toMatch(/ana|secret/u);
  });

  it.each<[unknown, NoReply, string]>([
    [{ code: 'ECONNREFUSED', message: 'secret' }, 'refused', 'ECONNREFUSED'],
    [{ code: 'ENOTFOUND' }, 'dns', 'ENOTFOUND'],
    [new Error('secret'), 'other', ''],
    [{ code: 7 }, 'other', ''],
  ])('is recognized by the system error code alone: %j', (error, fault, message) => {
    expect(proxyErrorOf(error)).toMatchObject({ fault, reason: fault, message });
  });

  it('is otherwise treated as a refused connection', () => {
    expect(new ProxyError(403, '').reason).toBe('refused');
  });
});
