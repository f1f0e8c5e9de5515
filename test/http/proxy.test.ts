import { describe, expect, it } from '@jest/globals';
import { isLoopback, proxyFor, type Environment } from '../../src/http/proxy.js';

const P = 'http://p.example:3128';

describe('the proxy for an address', () => {
  it.each<[string, string, Environment, string | null]>([
    ['none is set', 'https://a.example', {}, null],
    ['by HTTPS_PROXY', 'https://a.example', { HTTPS_PROXY: P }, 'http://p.example:3128'],
    ['without a scheme', 'https://a.example', { HTTPS_PROXY: 'p.example:3128' }, 'http://p.example:3128'],
    [
      'with the usual port of http',
      'https://a.example',
      { HTTPS_PROXY: 'http://p.example' },
      'http://p.example:80',
    ],
    [
      'with that of https',
      'https://a.example',
      { HTTPS_PROXY: 'https://p.example' },
      'https://p.example:443',
    ],
    ['by ALL_PROXY', 'https://a.example', { ALL_PROXY: P }, 'http://p.example:3128'],
    [
      'lower case first',
      'https://a.example',
      { HTTPS_PROXY: 'http://q:1', https_proxy: P },
      'http://p.example:3128',
    ],
    // An empty variable in lower case turns off the one in upper case, as with curl.
    ['an empty one in lower case', 'https://a.example', { HTTPS_PROXY: P, https_proxy: '' }, null],
    [
      'HTTPS_PROXY before ALL_PROXY',
      'https://a.example',
      { ALL_PROXY: 'http://q:1', HTTPS_PROXY: P },
      'http://p.example:3128',
    ],
    ['plain http', 'http://127.0.0.1', { HTTPS_PROXY: P }, null],
    ['loopback', 'https://localhost', { HTTPS_PROXY: P }, null],
    ['listed in NO_PROXY', 'https://a.example', { HTTPS_PROXY: P, NO_PROXY: 'a.example' }, null],
    ['below a name', 'https://x.a.example', { HTTPS_PROXY: P, NO_PROXY: 'a.example' }, null],
    [
      'another name with that end',
      'https://xa.example',
      { HTTPS_PROXY: P, NO_PROXY: 'a.example' },
      'http://p.example:3128',
    ],
    ['.name', 'https://x.a.example', { HTTPS_PROXY: P, NO_PROXY: '.a.example' }, null],
    ['*.name', 'https://x.a.example', { HTTPS_PROXY: P, NO_PROXY: 'b,  *.a.example' }, null],
    ['all', 'https://a.example', { HTTPS_PROXY: P, NO_PROXY: '*' }, null],
    ['its port', 'https://a.example', { HTTPS_PROXY: P, NO_PROXY: 'a.example:443' }, null],
    [
      'another port',
      'https://a.example',
      { HTTPS_PROXY: P, NO_PROXY: 'a.example:8443' },
      'http://p.example:3128',
    ],
    ['in capitals', 'https://a.example', { HTTPS_PROXY: P, NO_PROXY: 'A.EXAMPLE' }, null],
    ['an empty entry', 'https://a.example', { HTTPS_PROXY: P, NO_PROXY: ',. ,' }, 'http://p.example:3128'],
  ])('%s', (_, target, environment, address) => {
    expect(proxyFor(new URL(target), environment)?.address ?? null).toBe(address);
  });

  it.each([
    ['socks5://p.example:1', 'is not an http or https address'],
    ['http://', 'is not an http or https address'],
    ['http://u:50%@p.example', 'has a user name or password with a "%" that starts no escape'],
  ])('may not be %s', (proxy, why) => {
    const find = (): unknown => proxyFor(new URL('https://a.example'), { https_proxy: proxy });
    expect(find).toThrow(`(https_proxy) ${why}`);
    expect(find).not.toThrow(/50%/u);
  });

  it('is described without its user name and password', () => {
    const proxy = proxyFor(new URL('https://a.example'), { HTTPS_PROXY: 'http://user:pass@p.example:1' });
    expect(proxy).toMatchObject({
      address: 'http://p.example:1',
      variable: 'HTTPS_PROXY',
      hasPassword: true,
    });
  });
});

describe('a host is this machine', () => {
  it.each([
    ['localhost', true],
    ['LOCALHOST', true],
    ['a.localhost', true],
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['[::1]', true],
    ['127.0.0.1.example', false],
    ['notlocalhost', false],
    ['128.0.0.1', false],
  ])('%s: %s', (host, isHere) => {
    expect(isLoopback(host)).toBe(isHere);
  });
});
