import { spawn, spawnSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BIN } from '../support/built.js';
import { openProcessStage, targetOf } from '../support/cli.js';
import type { Stage } from '../support/cli.js';
import { EVERYTHING, smallInstance } from '../support/survival.js';

/** Runs a command in a terminal, closes the terminal when stdin ends, and prints the signal that ended the command. */
const TERMINAL = `
import os, pty, select, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
while True:
    ready = select.select([0, terminal], [], [])[0]
    if 0 in ready and not os.read(0, 1024):
        break
    if terminal in ready:
        os.write(1, os.read(terminal, 65536))
os.close(terminal)
print("\\nsignal", os.WTERMSIG(os.waitpid(pid, 0)[1]))
`;

/** Runs a command with a terminal that is not its controlling one, and prints its exit code. */
const FOREIGN_TERMINAL = `
import os, pty, subprocess, sys, threading
terminal, child = pty.openpty()
process = subprocess.Popen(sys.argv[1:], stdin=child, stdout=subprocess.DEVNULL, stderr=child, start_new_session=True)
threading.Thread(target=lambda: [os.read(terminal, 65536) for _ in iter(int, 1)], daemon=True).start()
print("exit", process.wait(), flush=True)
os._exit(0)
`;

const hasTerminals = spawnSync('python3', ['-c', 'import pty']).status === 0;
const itWithTerminals = hasTerminals ? it : it.skip;

let stage: Stage;
beforeEach(async () => {
  stage = await openProcessStage({ state: smallInstance() });
  await stage.write('domo-roles.yaml', EVERYTHING);
});
afterEach(() => stage.close());

/** Starts an apply in a terminal. */
function applyInTerminal(...flags: string[]) {
  const child = spawn('python3', ['-c', TERMINAL, process.execPath, BIN, 'apply', ...flags], {
    cwd: stage.folder,
    env: { PATH: process.env.PATH ?? '', HOME: stage.folder, ...targetOf(stage) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = new Promise<string>((resolve) =>
    child.on('close', () => resolve(/signal (\d+)\n$/.exec(printed)?.[1] ?? printed)),
  );
  return { closeTerminal: () => void child.stdin.end(), ended, printed: () => printed };
}

/** The signal of a closed terminal. A command that crashed ended by another one. */
const SIGHUP = '1';

describe('an apply whose terminal is closed', () => {
  itWithTerminals('finishes the requests in flight and its journal', async () => {
    stage.sandbox.setFaults([{ name: 'hung-after-write', method: 'PUT', times: 0 }]);
    const { closeTerminal, ended } = applyInTerminal('--yes', '--timeout', '1');
    stage.sandbox.onWrite(closeTerminal);

    expect(await ended).toBe(SIGHUP);
    const runs = join(stage.folder, '.domo-roles/runs');
    const [run = ''] = await readdir(runs);
    const journal = await readFile(join(runs, run, 'journal.jsonl'), 'utf8');
    expect(JSON.parse(journal.trim().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'finished',
      interrupted: true,
    });
    expect(await readdir(join(runs, run))).toContain('outcome.json');
  });

  itWithTerminals('writes nothing if it was asking', async () => {
    const { closeTerminal, ended, printed } = applyInTerminal();
    while (!printed().includes('Write')) await new Promise((resolve) => setTimeout(resolve, 10));
    closeTerminal();

    expect(await ended).toBe(SIGHUP);
    expect(stage.sandbox.log().filter(({ method }) => method === 'PUT')).toEqual([]);
  });
});

describe('a terminal that is not the controlling one', () => {
  itWithTerminals('does not change the exit code', async () => {
    const args = ['-c', FOREIGN_TERMINAL, process.execPath, BIN, 'apply', '--yes'];
    const child = spawn('python3', args, {
      cwd: stage.folder,
      env: { PATH: process.env.PATH ?? '', HOME: stage.folder, ...targetOf(stage) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    await new Promise((resolve) => child.on('close', resolve));

    expect(printed).toBe('exit 0\n');
  });
});
