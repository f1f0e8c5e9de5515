import { lstat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { isHidden, nullIfAbsent, systemCodeOf, systemProblem } from '../../src/problem/system-error.js';

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

  it('is one for a code without advice of its own, if the system failed to look', () => {
    expect(systemProblem(failed('ESTALE', { path: '/state/plan.json' }))).toMatchObject({
      message: '/state/plan.json cannot be used (ESTALE)',
      hint: 'check the disk',
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
    ['a file that is absent', failed('ENOENT', { path: '/state/plan.json' })],
  ])('is not %s', (_, error) => {
    expect(systemProblem(error)).toBeNull();
  });
});

describe('a failed look at a path', () => {
  it.each(['EACCES', 'EPERM', 'EIO', 'ESTALE', 'EMFILE', 'ENFILE', 'ENOMEM', 'EBUSY', 'ETIMEDOUT'])(
    'proves nothing with %s',
    (code) => {
      expect(isHidden(failed(code))).toBe(true);
      expect(() => nullIfAbsent(failed(code))).toThrow(code);
    },
  );

  it.each(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'EINVAL', 'ERR_INVALID_ARG_VALUE'])(
    'proves with %s that nothing is there',
    (code) => {
      expect([isHidden(failed(code)), nullIfAbsent(failed(code))]).toEqual([false, null]);
    },
  );
});

describe('the code of an error', () => {
  it('is that of the system', async () => {
    const error: unknown = await lstat('/none/at/all').catch((cause: unknown) => cause);
    expect(systemCodeOf(error)).toBe('ENOENT');
  });
});
