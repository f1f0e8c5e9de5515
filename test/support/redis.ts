import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './engines.js';

/** A server for one test, without persistence. */
export interface Redis {
  url: string;
  /** Returns the output of a `redis-cli` command. */
  ask: (...command: readonly string[]) => string;
  close: () => Promise<void>;
}

/** Starts a Redis server and waits until it answers. */
export async function openRedis(): Promise<Redis> {
  const port = String(await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-redis-'));
  const flags = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn('redis-server', flags, { stdio: 'ignore' });
  const isEnded = new Promise((done) => server.on('exit', done));
  const ask: Redis['ask'] = (...command) =>
    spawnSync('redis-cli', ['-p', port, ...command], { encoding: 'utf8' }).stdout.trim();
  for (let tries = 0; ask('ping') !== 'PONG'; tries += 1) {
    if (tries > 200) throw new Error('redis-server does not answer');
    await sleep(25);
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    ask,
    close: async () => {
      server.kill('SIGKILL');
      await isEnded;
    },
  };
}
