import { Hono } from 'hono';
import { Refusal, refusalAnswer, type SandboxEnv } from './answers.js';
import { auditEndpoints } from './audit-endpoints.js';
import { authentication } from './auth-endpoints.js';
import { catalogueEndpoints } from './catalogue-endpoints.js';
import { contentUserEndpoints } from './content-user-endpoints.js';
import { roleEndpoints } from './role-endpoints.js';
import { settingsEndpoints } from './settings-endpoints.js';
import { userEndpoints } from './user-endpoints.js';

/** Creates the API as one Hono application. Each request carries its call as `env.call`. */
export function createApp(): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>({ strict: false });
  authentication(app);
  // Before the role endpoints, which would read `settings` as a role id.
  settingsEndpoints(app);
  roleEndpoints(app);
  userEndpoints(app);
  contentUserEndpoints(app);
  catalogueEndpoints(app);
  auditEndpoints(app);
  const known = app.routes.filter(({ method }) => method !== 'ALL').map(({ path }) => path);
  for (const path of new Set(known)) {
    app.all(path, (c) => refusalAnswer(c.env.call.quirks, 405, `${c.req.method} is not for this`));
  }
  app.notFound((c) => refusalAnswer(c.env.call.quirks, 404, 'there is nothing here'));
  app.onError((error, c) => {
    const { quirks } = c.env.call;
    if (error instanceof Refusal) return refusalAnswer(quirks, error.status, error.message);
    return refusalAnswer(quirks, 500, 'something went wrong');
  });
  return app;
}
