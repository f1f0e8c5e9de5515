import type { Hono } from 'hono';
import { callOf, needs, reply, type SandboxEnv } from './answers.js';
import { AUTHORITY_GROUPS } from './catalogue.js';
import { pageOf, wholeNumber } from './paging.js';
import { needsRoleReading } from './role-endpoints.js';
import { authorityRow } from './rows.js';

/** The authority catalogue with the whole role-by-grant matrix, and the names of its groups. */
export function catalogueEndpoints(app: Hono<SandboxEnv>): void {
  app.get('/api/authorization/v1/authorities', (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    const tables = call.world.view();
    const rows = [...call.world.catalogue.values()].map((entry) => authorityRow(tables, entry, call.quirks));
    return reply(call, rows);
  });
  app.get('/api/authorization/v1/authority/groups', (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    return reply(call, AUTHORITY_GROUPS);
  });
}

/** The audit log, newest first. Needs the authority `audit`. */
export function auditEndpoints(app: Hono<SandboxEnv>): void {
  app.get('/api/audit/v1/user-audits', (c) => {
    const call = callOf(c);
    needs(call, 'audit');
    const query = c.req.query();
    const start = wholeNumber(query.start, 0, 'start');
    const end = wholeNumber(query.end, Number.MAX_SAFE_INTEGER, 'end');
    const types = new Set((query.objectType ?? '').split(',').filter((type) => type !== ''));
    const { offset, limit } = pageOf(query, 0);
    const events = call.world.audit
      .filter(
        ({ time, objectType }) => time >= start && time <= end && (types.size === 0 || types.has(objectType)),
      )
      .reverse();
    return reply(call, events.slice(offset, offset + limit));
  });
}
