import type { Fault, Quirks, Sandbox, SandboxState } from '../../src/sandbox/index.js';
import { openSandbox, serveSandbox } from '../../src/sandbox/index.js';
import { openRoutes, type OpenRoutesOptions, type Routes } from '../../src/routes/index.js';

/** Role ids of the seeded company. */
export const ANALYST = 810756122;
export const OLD_REPORTING = 158233404;

/** The two connections to the sandbox. */
export const WAYS = ['over a socket', 'in-process'] as const;
export type Way = (typeof WAYS)[number];

export interface World {
  sandbox: Sandbox;
  routes: Routes;
  /** `GET /api/… 200` for each request so far. */
  requests(): string[];
  close(): Promise<void>;
}

/** A sandbox with routes to it. */
export async function openWorld(
  way: Way,
  options: {
    quirks?: Partial<Quirks>;
    faults?: readonly Fault[];
    state?: SandboxState;
    routes?: Partial<OpenRoutesOptions>;
  } = {},
): Promise<World> {
  const { quirks = {}, faults = [], state } = options;
  const sandbox = await openSandbox({ quirks, faults, ...(state ? { state } : {}) });
  const served = way === 'over a socket' ? await serveSandbox(sandbox) : null;
  const routes = openRoutes({
    instance: 'sandbox',
    auth: { accessToken: sandbox.token },
    sleep: async () => undefined,
    ...(served ? { baseUrl: served.url } : { fetch: sandbox.fetch }),
    ...options.routes,
  });
  return {
    sandbox,
    routes,
    requests: () => sandbox.log().map(({ method, path, status }) => `${method} ${path} ${status}`),
    close: async () => {
      routes.close();
      await served?.close();
      await sandbox.close();
    },
  };
}
