import { jest } from '@jest/globals';
import { getRoles, tokenAuth } from '../../src/index.js';
import type { Auth, WireRole } from '../../src/index.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { openSandbox, serveSandbox } from '../../src/sandbox/index.js';

/** A served sandbox, an auth for it, and what was printed on stdout. */
export interface Served {
  sandbox: Sandbox;
  auth: Auth;
  printed: string[];
  find(name: string): Promise<WireRole>;
  close(): Promise<void>;
}

/** Serves a sandbox and collects what is printed. */
export async function openServed(): Promise<Served> {
  const sandbox = await openSandbox();
  const served = await serveSandbox(sandbox);
  const auth = tokenAuth({
    instance: 'sandbox',
    baseUrl: served.url,
    accessToken: sandbox.token,
    connection: { sleep: async () => undefined },
  });
  const printed: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => printed.push(String(chunk)) > 0);
  return {
    sandbox,
    auth,
    printed,
    find: async (name) => {
      const role = (await getRoles(auth)).response.find((one) => one.name === name);
      if (!role) throw new Error(`no role ${name}`);
      return role;
    },
    close: async () => {
      jest.restoreAllMocks();
      auth.client().close();
      await served.close();
      await sandbox.close();
    },
  };
}
