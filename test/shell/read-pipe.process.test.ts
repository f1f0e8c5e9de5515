import { execFileSync } from 'node:child_process';
import { mkdtemp, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hasCode } from '../../src/problem/problem.js';
import { openRuntime } from '../../src/reconcile/runtime.js';
import { readFileOrPipe } from '../../src/shell/read-pipe.js';

async function makePipe(): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'domo-roles-pipe-')), 'token');
  execFileSync('mkfifo', [path]);
  return path;
}

const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('a file that may be a pipe', () => {
  it('is read whole as a regular file, also without content', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'domo-roles-pipe-')), 'token');
    for (const text of ['a token\n', '']) {
      await writeFile(path, text);
      expect(await readFileOrPipe(path, openRuntime())).toBe(text);
    }
  });

  it('is read to the end of its writer, which may come late and pause', async () => {
    const path = await makePipe();
    const read = readFileOrPipe(path, openRuntime());
    const writer = await open(path, 'w');
    await writer.write('one ');
    await new Promise((resolve) => setTimeout(resolve, 60));
    await writer.write('two');
    await writer.close();
    expect(await read).toBe('one two');
  });

  it('is given up when the run is stopped, if no one writes', async () => {
    const stop = new AbortController();
    const read = readFileOrPipe(await makePipe(), openRuntime({ signal: stop.signal }));
    setTimeout(() => stop.abort(), 30);
    const error: unknown = await read.catch((one: unknown) => one);
    expect(hasCode(error, 'interrupted')).toBe(true);
  });
});
