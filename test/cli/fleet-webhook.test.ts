import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkSchema } from '../support/check-schema.js';
import { inventoryOf, openFleetStage } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { HOOK_SECRET, openHook } from '../support/hook.js';
import type { Hook } from '../support/hook.js';
import type { Ended } from '../support/in-process.js';

let hook: Hook;
beforeAll(async () => {
  hook = await openHook();
});
afterAll(() => hook.close());

let stage: FleetStage;
beforeEach(async () => {
  hook.posted.splice(0);
  stage = await openFleetStage(['alpha', 'beta', 'gamma']);
});
afterEach(() => stage.close());

const drift = (...args: string[]): Promise<Ended> => stage.fleet('drift', '--retries', '0', ...args);

describe('fleet drift with a webhook', () => {
  it('posts the fleet document, and keeps the address out of every output', async () => {
    const ended = await drift('--webhook', hook.address, '--verbose', '--out', 'out');
    expect(ended.code).toBe(2);
    expect(hook.posted).toEqual([await stage.document('out')]);
    expect(checkSchema('fleet', hook.posted[0])).toEqual([]);
    const log = await readFile(join(stage.folder, 'out', 'fleet.jsonl'), 'utf8');
    expect(ended.stdout + ended.stderr + log).not.toContain(HOOK_SECRET);
  });

  it('posts a message with the counts, the failures and what differs', async () => {
    stage.sandboxes.get('beta')?.setQuirks({ networkBlocked: true });
    const ended = await drift('--webhook', hook.address, '--webhook-format', 'chat');
    expect(ended.code).toBe(1);
    const [{ text }] = hook.posted as [{ text: string }];
    expect(text).toMatch(/^Drift in the fleet customers: 1 failed and 2 with drift\.\n/u);
    expect(text).toMatch(/\n• beta: blocked-network: /u);
    expect(text).toMatch(/\n• alpha, gamma, to undo: \+ role Fleet Viewer/u);
  });

  it('names no flags in a message', async () => {
    stage.sandboxes.get('alpha')?.setQuirks({ networkBlocked: true });
    const flags = ['--max-failures', '0', '--at-once', '1', '--webhook-format', 'chat'];
    const { stdout } = await drift('--webhook', hook.address, ...flags);
    expect(stdout).toContain('more than 0 instances failed (--max-failures)');
    const [{ text }] = hook.posted as [{ text: string }];
    expect(text).toContain('\n• beta, gamma: more than 0 instances failed');
    expect(text).not.toContain('--');
  });

  it('posts nothing without drift', async () => {
    expect((await stage.fleet('apply', '--yes')).code).toBe(0);
    expect((await drift('--webhook', hook.address)).code).toBe(0);
    expect(hook.posted).toEqual([]);
  });

  it('reports a failed post after the report, and exits with 1', async () => {
    const ended = await drift('--webhook', `http://127.0.0.1:9/${HOOK_SECRET}`);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('Fleet Viewer');
    expect(ended.stderr).toContain('webhook-failed');
    expect(ended.stdout + ended.stderr).not.toContain(HOOK_SECRET);
  });

  it.each([
    [['--webhook-format', 'chat'], '--webhook-format needs --webhook'],
    [['--webhook', 'http://hooks.example/secret'], 'the webhook is neither https nor on this machine'],
  ])('rejects %j before the first request', async (args, message) => {
    await stage.write('fleet.yaml', inventoryOf({ alpha: '{}' }));
    const ended = await drift(...args);
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toContain('secret');
    expect([...stage.seen.values()].flat()).toEqual([]);
  });
});
