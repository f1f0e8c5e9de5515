import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { baseAddress } from '../../src/http/address.js';
import { proxyFor, type Environment } from '../../src/http/proxy.js';
import { oneLine } from '../../src/http/redact.js';
import { urlOf } from '../../src/http/request.js';
import { ProblemError } from '../../src/problem/problem.js';
import { anyText } from '../support/any-text.js';

describe('the address of an instance', () => {
  it.each([
    'https://acme.domo.com',
    'https://acme.domo.com/',
    'https://127.0.0.1:8443',
    'http://127.0.0.1:8080',
    'http://localhost:8080',
    'http://[::1]:8080',
  ])('may be %s', (text) => {
    expect(baseAddress(text).origin).toBe(text.replace(/\/$/, ''));
  });

  it.each([
    '',
    'acme',
    'acme.domo.com',
    'http://acme.domo.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'ftp://acme.domo.com',
    'file:///etc/passwd',
    'https://acme.domo.com/path',
    'https://acme.domo.com/?q=1',
    'http://127.0.0.1:8080/acme?q=1',
    'https://user:hunter2@acme.domo.com',
  ])('may not be %j', (text) => {
    let raised: unknown;
    try {
      baseAddress(text);
    } catch (error) {
      raised = error;
    }
    expect(raised).toBeInstanceOf(ProblemError);
    const [problem] = (raised as ProblemError).problems;
    expect(problem?.code).toBe('bad-target');
    expect(problem?.message).not.toContain('hunter2');
  });
});

describe('the path of an address on this machine', () => {
  it.each([
    ['http://127.0.0.1:8080', '/api/x', 'http://127.0.0.1:8080/api/x'],
    ['http://127.0.0.1:8080/acme', '/api/x', 'http://127.0.0.1:8080/acme/api/x'],
    ['http://127.0.0.1:8080/acme/', 'api/x', 'http://127.0.0.1:8080/acme/api/x'],
  ])('%s before %s is %s', (base, path, url) => {
    expect(urlOf(baseAddress(base), { method: 'GET', path })).toBe(url);
  });

  it.each(['/../other/api', '/..//other', '/%2e%2e/other'])('is not escaped by the path %s', (path) => {
    expect(() => urlOf(baseAddress('http://127.0.0.1:8080/acme'), { method: 'GET', path })).toThrow(
      'another address',
    );
  });
});

describe('the proxy of an address', () => {
  const P = 'http://proxy:3128';
  it.each<[string, Environment, string | null]>([
    ['https://acme.domo.com', {}, null],
    ['https://acme.domo.com', { HTTPS_PROXY: P }, 'http://proxy:3128/'],
    ['https://acme.domo.com', { https_proxy: P, HTTPS_PROXY: 'http://other' }, 'http://proxy:3128/'],
    ['https://acme.domo.com', { https_proxy: 'proxy:3128' }, 'http://proxy:3128/'],
    ['https://acme.domo.com', { ALL_PROXY: P }, 'http://proxy:3128/'],
    ['https://acme.domo.com', { HTTP_PROXY: P }, null],
    ['https://acme.domo.com', { HTTPS_PROXY: P, NO_PROXY: '*' }, null],
    ['https://acme.domo.com', { HTTPS_PROXY: P, NO_PROXY: 'domo.com' }, null],
    ['https://acme.domo.com', { HTTPS_PROXY: P, NO_PROXY: '.domo.com' }, null],
    ['https://acme.domo.com', { HTTPS_PROXY: P, no_proxy: 'x.com, *.DOMO.com' }, null],
    ['https://acme.domo.com', { HTTPS_PROXY: P, NO_PROXY: 'acme.domo.com:443' }, null],
    ['https://acme.domo.com', { HTTPS_PROXY: P, NO_PROXY: 'acme.domo.com:8443' }, 'http://proxy:3128/'],
    ['https://acme.domo.com', { HTTPS_PROXY: P, NO_PROXY: 'omo.com' }, 'http://proxy:3128/'],
    ['https://localhost:8443', { HTTPS_PROXY: P }, null],
    ['http://127.0.0.1:8080', { HTTP_PROXY: P, ALL_PROXY: P }, null],
  ])('%s under %j is %j', (target, environment, proxy) => {
    expect(proxyFor(new URL(target), environment)?.url.href ?? null).toBe(proxy);
  });

  it.each([
    [{ HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128', 'HTTPS_PROXY', false],
    [{ https_proxy: 'http://user:secret@proxy:3128/path' }, 'http://proxy:3128', 'https_proxy', true],
    [{ ALL_PROXY: 'user:secret@proxy' }, 'http://proxy:80', 'ALL_PROXY', true],
    [{ HTTPS_PROXY: ' ', all_proxy: 'https://proxy' }, 'https://proxy:443', 'all_proxy', false],
    [{ HTTPS_PROXY: 'http://[::1]:3128' }, 'http://[::1]:3128', 'HTTPS_PROXY', false],
  ])(
    'has a name and its variable, without a secret: %j',
    (environment: Environment, address, variable, hasPassword) => {
      expect(proxyFor(new URL('https://acme.domo.com'), environment)).toMatchObject({
        address,
        variable,
        hasPassword,
      });
    },
  );

  it.each([
    ['HTTPS_PROXY', 'socks5://proxy:1080'],
    ['ALL_PROXY', 'socks5://proxy:1080'],
    ['all_proxy', 'http://user:50%@proxy:3128'],
  ])('is rejected with the name of its variable: %s', (name, value) => {
    const refused = (): unknown => proxyFor(new URL('https://acme.domo.com'), { [name]: value });
    expect(refused).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ where: { what: name } })] }),
    );
    expect(refused).not.toThrow(/50%/);
  });

  it.each(['socks5://proxy:1080', 'http://', 'http://a b'])('that is invalid is rejected: %j', (given) => {
    expect(() => proxyFor(new URL('https://acme.domo.com'), { HTTPS_PROXY: given })).toThrow(ProblemError);
  });
});

describe('foreign text as one line', () => {
  it('shows invisible characters, joins spaces and is limited in length', () => {
    expect(oneLine('a\u001b[31m\n b\u202e\u200b\0', 100)).toBe('a\\u{1b}[31m b\\u{202e}\\u{200b}\\u{0}');
    expect(oneLine('abcdef', 4)).toBe('abc…');
  });

  it('never contains invisible characters', () => {
    fc.assert(fc.property(anyText(), (text) => !/[\p{Cc}\p{Cf}\p{Zl}]/u.test(oneLine(text))));
  });
});
