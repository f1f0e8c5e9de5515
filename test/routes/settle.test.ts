import { describe, expect, it } from '@jest/globals';
import { HttpError } from '../../src/http/failure.js';
import { settledWrite } from '../../src/routes/settle.js';
import type { WriteOptions } from '../../src/routes/settle.js';

const refusal = (status: number | null): HttpError =>
  new HttpError({
    code: 'http-error',
    message: `answered ${status}`,
    what: 'PUT /x',
    hint: null,
    status,
    isTemporary: false,
    body: { why: 'x' },
  });

/** Sends a write with this result, and reads it back until it is visible. */
async function write(
  outcome: number | HttpError,
  {
    seenAt = Infinity,
    looks = [],
    ...options
  }: WriteOptions & { seenAt?: number; looks?: ('seen' | 'not' | 'fails')[] } = {},
) {
  const waits: number[] = [];
  const lines: string[] = [];
  let count = 0;
  const call = {
    answer: <T>(status: number, response: T, { isSuccess } = { isSuccess: status <= 299 }) => ({
      status,
      response,
      isSuccess,
      parentClass: null,
    }),
    client: { wait: async (ms: number) => void waits.push(ms) },
  };
  const settled = settledWrite(
    call,
    { print: (line) => void lines.push(line), ...options },
    {
      send: async () => {
        if (typeof outcome !== 'number') throw outcome;
        return { status: outcome, body: 'fine' };
      },
      isDone: async () => {
        count += 1;
        if (looks[count - 1] === 'fails') throw new Error('unreadable');
        return count >= seenAt;
      },
      verb: 'modified',
    },
  );
  const result = await settled.then(
    ({ status, isSuccess }) => [status, isSuccess],
    (error: unknown) => error,
  );
  return { result, looks: count, waits, lines };
}

const WARNING = '😕 weird API issue, but role should have been modified.  setting is_success = True';

describe('a write', () => {
  it('that succeeds is not read back', async () => {
    expect(await write(204)).toEqual({ result: [204, true], looks: 0, waits: [], lines: [] });
  });

  it.each<[string, number, number[]]>([
    ['at once', 1, []],
    ['after a second', 2, [1000]],
    ['after three seconds', 3, [1000, 2000]],
  ])('that is answered 400 is a success, with a warning, if it is seen %s', async (_, seenAt, waits) => {
    expect(await write(refusal(400), { seenAt })).toEqual({
      result: [400, true],
      looks: seenAt,
      waits,
      lines: [WARNING],
    });
  });

  it('that is answered 400 is an error if it is not visible', async () => {
    const error = refusal(400);
    expect(await write(error)).toEqual({ result: error, looks: 3, waits: [1000, 2000], lines: [] });
  });

  it('that cannot be read back is read again', async () => {
    const { result, looks } = await write(refusal(400), { seenAt: 2, looks: ['fails'] });
    expect([result, looks]).toEqual([[400, true], 2]);
  });

  it.each([401, 403, 404, 407, 408, 409, 429, 500, 399, null])(
    'that is answered %s is an error at once',
    async (status) => {
      const error = refusal(status);
      expect(await write(error, { seenAt: 1 })).toMatchObject({ result: error, looks: 0 });
    },
  );

  it('that is answered 400 is an error at once if settle is false', async () => {
    const error = refusal(400);
    expect(await write(error, { seenAt: 1, settle: false })).toMatchObject({ result: error, looks: 0 });
  });

  it.each<[number, boolean]>([
    [400, true],
    [404, true],
    [499, true],
    [401, false],
    [429, false],
    [500, false],
  ])('that is answered %d is returned raw on request: %s', async (status, raw) => {
    const error = refusal(status);
    const { result, looks } = await write(error, { returnRaw: true, seenAt: 1 });
    expect([result, looks]).toEqual([raw ? [status, false] : error, 0]);
  });
});
