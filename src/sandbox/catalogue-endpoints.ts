import type { Hono } from 'hono';
import { callOf, reply, type SandboxEnv } from './answers.js';
import { AUTHORITY_GROUPS } from './catalogue.js';
import { needsRoleReading } from './role-endpoints.js';
import { authorityRow, roleRow } from './rows.js';

/** The authority catalogue with the matrix of roles and grants, and the names of its groups. */
export function catalogueEndpoints(app: Hono<SandboxEnv>): void {
  app.get('/api/authorization/v1/authorities', (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    const { world, quirks } = call;
    const sources = { tables: world.view(), catalogue: world.catalogue, quirks };
    return reply(
      call,
      [...world.catalogue.values()].map((entry) => authorityRow(sources, entry)),
    );
  });
  app.get('/api/authorization/v1/authorities/:authority/roles', (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    const tables = call.world.view();
    const roles = tables.holders(c.req.param('authority')).flatMap((id) => tables.role(id) ?? []);
    return reply(
      call,
      roles.map((role) => roleRow(tables, role, call.quirks)),
    );
  });
  app.get('/api/authorization/v1/authority/groups', (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    return reply(call, AUTHORITY_GROUPS);
  });
}
