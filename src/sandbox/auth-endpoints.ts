import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Hono } from 'hono';
import { htmlPage, objectBody, refuse, reply, textAnswer, type SandboxEnv } from './answers.js';

// Public clients look for the address of the caller in the first paragraph. The sandbox serves only this machine.
const CALLER = 'Your IP address is 127.0.0.1.';
const NO_SECOND_FACTOR = { token: null, key: null, status: 'VALID', phoneMask: null };
const LOGIN = '/api/content/v2/authentication';

/** Runs before every endpoint: blocked networks, unknown instances, and authentication. Also handles the login. */
export function authentication(app: Hono<SandboxEnv>): void {
  app.use('*', async (c, next) => {
    const { call } = c.env;
    const { quirks, world } = call;
    if (quirks.networkBlocked) return htmlPage(200, 'Domo - Blocked', CALLER);
    if (quirks.networkRedirected) {
      const page = htmlPage(303, 'Redirecting to whitelist/blocked', CALLER);
      page.headers.set('location', '/auth/whitelist/blocked');
      return page;
    }
    if (quirks.unknownInstance) return textAnswer('Forbidden', 403);
    if (c.req.path.replace(/\/$/, '') === LOGIN) return next();
    const token = c.req.header('x-domo-developer-token');
    const session = c.req.header('x-domo-authentication');
    const userId = token !== undefined ? world.tokens.get(token) : world.sessions.get(session ?? '');
    const owner = world.truth.user(userId);
    if (!owner || owner.deleted) refuse(401, 'a valid access token or session token is needed');
    call.actor = owner;
    return next();
  });

  app.post(LOGIN, (c) => {
    const { call } = c.env;
    const { world } = call;
    const { method, emailAddress, password } = objectBody(call);
    if (method !== 'password') refuse(400, 'the method is password');
    if (typeof emailAddress !== 'string' || typeof password !== 'string') {
      refuse(400, 'emailAddress and password are needed');
    }
    const known = world.passwords.get(emailAddress.toLowerCase());
    const owner = world.truth.user(known?.userId);
    // Domo answers a refused login with 200 and a reason.
    if (known?.locked) return reply(call, { success: false, reason: 'ACCOUNT_LOCKED' });
    if (!known || !owner || owner.deleted || !sameText(known.password, password)) {
      return reply(call, { success: false, reason: 'INVALID_CREDENTIALS' });
    }
    const sessionToken = randomBytes(24).toString('hex');
    world.sessions.set(sessionToken, owner.id);
    call.changed = true;
    return reply(call, { success: true, sessionToken, userId: owner.id, twoFactorInfo: NO_SECOND_FACTOR });
  });
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
