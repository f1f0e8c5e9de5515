import { execFileSync } from 'node:child_process';
import { mkdtemp, open, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { hasCode } from '../../src/problem/problem.js';
import { openRuntime } from '../../src/reconcile/runtime.js';
import { openSandbox, serveSandbox } from '../../src/sandbox/index.js';
import { readFileOrPipe } from '../../src/shell/read-pipe.js';
import { BIN } from '../support/built.js';

async function makePipe(): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'domo-roles-pipe-')), 'token');
  execFileSync('mkfifo', [path]);
  return path;
}

// `script` has other flags elsewhere.
const onLinux = process.platform === 'linux' ? it : it.skip;
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

  it('is waited for also behind a link', async () => {
    const path = await makePipe();
    const link = `${path}-link`;
    await symlink(path, link);
    const read = readFileOrPipe(link, openRuntime());
    await new Promise((resolve) => setTimeout(resolve, 60));
    await writeFile(path, 'a token\n');
    expect(await read).toBe('a token\n');
  });

  onLinux('is waited for also if it is a terminal, on which a person types a token', async () => {
    const sandbox = await openSandbox();
    const served = await serveSandbox(sandbox);
    const command = `${process.execPath} ${BIN} get me --instance acme --base-url ${served.url} --token-file /dev/stdin`;
    const ended = execa('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd: await mkdtemp(join(tmpdir(), 'domo-roles-pipe-')),
      reject: false,
      env: { DOMO_ACCESS_TOKEN: '', DOMO_INSTANCE: '', DOMO_BASE_URL: '' },
    });
    setTimeout(() => ended.stdin?.write(`${sandbox.token}\n`), 1500);
    setTimeout(() => ended.stdin?.end('\u0004'), 1800);
    const { exitCode, stdout } = await ended;
    await served.close();
    expect(stdout).toContain('root@acme.com');
    expect(exitCode).toBe(0);
  });

  it('is given up when the run is stopped, if no one writes', async () => {
    const stop = new AbortController();
    const read = readFileOrPipe(await makePipe(), openRuntime({ signal: stop.signal }));
    setTimeout(() => stop.abort(), 30);
    const error: unknown = await read.catch((one: unknown) => one);
    expect(hasCode(error, 'interrupted')).toBe(true);
  });
});
