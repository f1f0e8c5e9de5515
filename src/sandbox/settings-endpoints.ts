import type { Hono } from 'hono';
import {
  asId,
  callOf,
  commitChange,
  needs,
  objectBody,
  refuse,
  reply,
  type OwnedCall,
  type SandboxContext,
  type SandboxEnv,
} from './answers.js';
import { needsRoleReading } from './role-endpoints.js';
import { MANAGE_ROLES, setSettings } from './role-rules.js';

const DEFAULT_ROLE_STATE = 'user.roleid.default';

/** The role settings (the default role and the roles allowlist), and the customer states. */
export function settingsEndpoints(app: Hono<SandboxEnv>): void {
  const settings = '/api/authorization/v1/roles/settings';
  const states = '/api/content/v1/customer-states/:name';

  app.get(settings, (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    if (call.quirks.settingsAbsent || call.quirks.defaultByCustomerStateOnly)
      refuse(404, 'there is nothing here');
    if (call.quirks.settingsWriteOnly) refuse(405, 'GET is not for this');
    return reply(call, call.world.view().settings());
  });
  app.put(settings, (c) => {
    const call = callOf(c);
    needs(call, MANAGE_ROLES);
    if (call.quirks.defaultByCustomerStateOnly) refuse(404, 'there is nothing here');
    return writeSettings(call);
  });
  app.get(states, (c) => readState(callOf(c), c));
  app.put(states, (c) => writeState(callOf(c), c.req.param('name')));
}

function writeSettings(call: OwnedCall): Response {
  const body = objectBody(call);
  const { defaultRoleId, allowlistRoleIds } = body;
  if (defaultRoleId === undefined && allowlistRoleIds === undefined) refuse(400, 'there is nothing to set');
  const change = setSettings(call.world.truth, {
    defaultRoleId:
      defaultRoleId === undefined
        ? undefined
        : (asId(defaultRoleId) ?? refuse(400, 'defaultRoleId is a role id')),
    allowlistRoleIds: call.quirks.allowlistNullIgnored
      ? (readAllowlist(allowlistRoleIds) ?? undefined)
      : readAllowlist(allowlistRoleIds),
  });
  commitChange(call, change);
  return new Response(null, { status: 200 });
}

function readAllowlist(given: unknown): number[] | null | undefined {
  if (given === undefined || given === null) return given;
  if (!Array.isArray(given)) refuse(400, 'allowlistRoleIds is a list of role ids, or null');
  return (given as unknown[]).map((id) => asId(id) ?? refuse(400, 'allowlistRoleIds is a list of role ids'));
}

function readState(call: OwnedCall, c: SandboxContext): Response {
  const name = c.req.param('name') ?? '';
  const tables = call.world.view();
  const kept =
    name === DEFAULT_ROLE_STATE ? String(tables.settings().defaultRoleId) : tables.customerStates().get(name);
  const value = kept ?? c.req.query('defaultValue') ?? refuse(404, 'there is no such customer state');
  return reply(call, { name, value });
}

function writeState(call: OwnedCall, name: string): Response {
  needs(call, name === DEFAULT_ROLE_STATE ? MANAGE_ROLES : 'customer.edit');
  const isDefaultRole = name === DEFAULT_ROLE_STATE;
  if (isDefaultRole && call.quirks.defaultBySettingsOnly) refuse(405, 'PUT is not for this');
  const body = objectBody(call);
  if (body.name !== undefined && body.name !== name)
    refuse(400, 'the name in the body is not the name in the path');
  const { value } = body;
  if (typeof value !== 'string' && typeof value !== 'number') refuse(400, 'a customer state has a value');
  if (isDefaultRole) {
    const defaultRoleId = asId(value) ?? refuse(400, 'the value is a role id');
    commitChange(call, setSettings(call.world.truth, { defaultRoleId, allowlistRoleIds: undefined }));
  } else {
    const event = {
      actionType: 'UPDATED',
      eventText: `changed the customer state ${name}`,
      objectId: name,
      objectName: name,
      objectType: 'CUSTOMER_STATE',
    };
    commitChange(call, {
      mutations: [{ kind: 'customer-state', name, value: String(value) }],
      events: [event],
    });
  }
  return reply(call, { name, value: String(value) });
}
