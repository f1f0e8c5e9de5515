import { lstat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { systemCodeOf, systemProblem } from '../../src/problem/system-error.js';

/** An error as the system raises it. */
const failed = (code: string, more: object = {}): Error => Object.assign(new Error(code), { code, ...more });

describe('an error of the system that nothing expects', () => {
  it.each([
    ['EMFILE', 'raise the limit of open files (ulimit -n), or work on fewer things at once'],
    ['ENOSPC', 'free disk space'],
    ['EIO', 'check the disk'],
    ['EACCES', 'check the permissions of the file and its folders'],
  ])('is a problem with its file and what to do: %s', (code, hint) => {
    expect(systemProblem(failed(code, { path: '/state/plan.json' }))).toEqual({
      code: 'bad-file',
      severity: 'error',
      message: `/state/plan.json cannot be used (${code})`,
      where: { file: '/state/plan.json' },
      hint,
    });
  });

  it('is one without a file if the system names none', () => {
    expect(systemProblem(failed('EIO'))).toMatchObject({ message: 'a file cannot be used (EIO)' });
  });

  it.each(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'])('is a damaged installation: %s', (code) => {
    const found = systemProblem(failed(code, { path: '/secret' }));
    expect(found).toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining('a file of domo-roles'),
    });
  });

  it.each([
    ['no error', null],
    ['a fault of the program', new TypeError('x is not a function')],
    ['a code of the network', failed('ECONNRESET')],
    ['a code of Node', failed('ERR_INVALID_ARG_TYPE')],
    ['a number', { code: 5 }],
  ])('is not %s', (_, error) => {
    expect(systemProblem(error)).toBeNull();
  });
});

describe('the code of an error', () => {
  it('is that of the system', async () => {
    const error: unknown = await lstat('/none/at/all').catch((cause: unknown) => cause);
    expect(systemCodeOf(error)).toBe('ENOENT');
  });
});
