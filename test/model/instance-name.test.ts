import { describe, expect, it } from '@jest/globals';
import { instanceName } from '../../src/model/instance-name.js';

describe('the compared form', () => {
  it.each([
    [' Acme ', 'acme'],
    ['acme.domo.com', 'acme'],
    ['ACME.DOMO.COM', 'acme'],
    ['HTTPS://Acme.domo.com//', 'acme'],
    ['https://acme', 'acme'],
    ['http://acme.domo.com', 'http://acme'],
    ['acme.domo.com.eu', 'acme.domo.com.eu'],
    ['acmexdomo.com', 'acmexdomo.com'],
  ])('of the instance %j: %s', (text, form) => {
    expect(instanceName(text)).toBe(form);
  });
});
