import { describe, expect, it } from '@jest/globals';
import { isInstanceName, nameProblem } from '../../src/inventory/instance-names.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { PLACE } from './support.js';

describe('The name of an instance', () => {
  it.each(['acme', 'acme-dev', 'a', '0', '123', 'a--b', 'a'.repeat(63), 'constructor'])(
    'may be %p',
    (name) => {
      expect(isInstanceName(name)).toBe(true);
      expect(nameProblem({ value: name, at: PLACE })).toBeNull();
    },
  );

  it.each([
    ['Acme', 'write acme: '],
    ['https://acme.domo.com', 'write acme: '],
    ['http://ACME.domo.com/path?x=1', 'write acme: '],
    ['acme.domo.com', 'write acme: '],
    ['acme.domo.com:443', 'write acme: '],
    ['', 'for https://acme.domo.com write acme: '],
    ['-acme', 'for https://acme.domo.com write acme: '],
    ['acme-', 'for https://acme.domo.com write acme: '],
    ['acme_dev', 'for https://acme.domo.com write acme: '],
    ['acme.eu', 'for https://acme.domo.com write acme: '],
    ['acme\n', 'write acme: '],
    ['a'.repeat(64), 'for https://acme.domo.com write acme: '],
    ['аcme', 'for https://acme.domo.com write acme: '],
    ['127.0.0.1', 'for https://acme.domo.com write acme: '],
    ['[::1]', 'for https://acme.domo.com write acme: '],
    ['../acme', 'for https://acme.domo.com write acme: '],
    ['acme@evil.example', 'for https://acme.domo.com write acme: '],
  ])('is not %p', (name, hint) => {
    const found = nameProblem({ value: name, at: PLACE });
    expect(found?.code).toBe('bad-instance');
    expect(found?.where).toEqual(PLACE);
    expect(found?.hint).toContain(hint);
  });

  it('is never hostile text', () => {
    const names = HOSTILE_TEXTS.map(([, text]) => text).filter((text) => text !== 'constructor');
    expect(names.filter(isInstanceName)).toEqual([]);
  });
});
