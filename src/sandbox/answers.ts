import type { Context } from 'hono';
import type { Quirks } from './quirks.js';
import type { SandboxUser } from './state.js';
import type { Change, World } from './world.js';

/** A request body as it came: nothing, JSON, or something that is not JSON. */
export type Body = { kind: 'none' } | { kind: 'json'; value: unknown } | { kind: 'bad'; reason: string };

/** All that an endpoint knows about the request it answers. */
export interface Call {
  world: World;
  quirks: Quirks;
  /** The owner of the token, as of this moment; null before authentication. */
  actor: SandboxUser | null;
  body: Body;
  /** A fault may have this one write become visible late, or not be kept at all. */
  lateMs: number;
  discard: boolean;
  /** Set once the call has changed something that lasts. */
  changed: boolean;
}

/** What Hono hands to each endpoint. */
export interface SandboxEnv {
  Bindings: { call: Call };
}

/** The context of an endpoint. */
export type SandboxContext = Context<SandboxEnv>;

/** The server says no. `message` is for people; the status decides. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Raises the refusal. */
export function refuse(status: number, message: string): never {
  throw new Refusal(status, message);
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** The reason phrase of a status. */
function reasonOf(status: number): string {
  return REASONS[status] ?? 'Error';
}

/** An HTML page such as a proxy or a gateway puts in the way. */
export function htmlPage(status: number, title: string, paragraph?: string): Response {
  const text = paragraph === undefined ? '' : `<p>${paragraph}</p>`;
  const body = `<body><h1>${title}</h1>${text}</body>`;
  const page = `<!DOCTYPE html>\n<html><head><title>${title}</title></head>${body}</html>\n`;
  return new Response(page, { status, headers: { 'content-type': 'text/html; charset=UTF-8' } });
}

/** A refusal on the wire: JSON, or as the quirks have it the bare reason phrase or an HTML page. */
export function refusalAnswer(quirks: Quirks, status: number, message: string): Response {
  const reason = reasonOf(status);
  if (quirks.errorsAsText) return textAnswer(reason, status);
  if (quirks.errorsAsHtml) return htmlPage(status, `${status} ${reason}`);
  return Response.json({ status, statusReason: reason, message }, { status });
}

/** A plain text answer. */
export function textAnswer(text: string, status = 200): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=UTF-8' } });
}

/** The call behind a context whose actor is known. */
export function callOf(c: SandboxContext): Call & { actor: SandboxUser } {
  const { call } = c.env;
  if (call.actor === null) refuse(401, 'authentication is needed');
  return call as Call & { actor: SandboxUser };
}

/** Keeps a change, as the call's faults and quirks have it. */
export function keep(call: Call & { actor: SandboxUser }, change: Change): void {
  const lateMs = Math.max(call.lateMs, call.quirks.lateVisibility);
  call.changed = !call.discard;
  call.world.commit(change, { actor: call.actor, lateMs, discard: call.discard });
}

/** Whether the actor holds the authority now. */
export function may(call: Call & { actor: SandboxUser }, authority: string): boolean {
  return call.world.truth.role(call.actor.roleId)?.authorities.includes(authority) ?? false;
}

/** Raises 403 unless the actor holds one of the authorities now. */
export function needs(call: Call & { actor: SandboxUser }, ...authorities: string[]): void {
  if (!authorities.some((authority) => may(call, authority))) {
    refuse(403, `this needs the authority ${authorities.join(' or ')}`);
  }
}

/** The body as JSON, or a 400. */
export function jsonBody(call: Call): unknown {
  if (call.body.kind === 'bad') refuse(400, call.body.reason);
  if (call.body.kind === 'none') refuse(400, 'a JSON body is needed');
  return call.body.value;
}

/** The body as a JSON object, or a 400. */
export function objectBody(call: Call): Record<string, unknown> {
  const value = jsonBody(call);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(400, 'the body must be a JSON object');
  return value as Record<string, unknown>;
}

/** An id as number or digits; null for anything else. */
export function asId(value: unknown): number | null {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null;
}

const ID_FIELDS = new Set([
  'id',
  'userId',
  'roleId',
  'defaultRoleId',
  'actorId',
  'invitorUserId',
  'roleIds',
  'allowlistRoleIds',
]);

/** A JSON answer, its ids as strings where the quirk says so. */
export function reply(call: Call, value: unknown): Response {
  return Response.json(call.quirks.idsAsText ? idsAsText(value, '') : value);
}

function idsAsText(value: unknown, field: string): unknown {
  if (typeof value === 'number') return ID_FIELDS.has(field) ? String(value) : value;
  if (Array.isArray(value)) return value.map((entry) => idsAsText(entry, field));
  if (typeof value !== 'object' || value === null) return value;
  const isAttribute = 'key' in value && 'values' in value && typeof value.key === 'string';
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      idsAsText(inner, isAttribute && key === 'values' ? String(value.key) : key),
    ]),
  );
}
