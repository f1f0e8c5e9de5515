import type { Context } from 'hono';
import type { Quirks } from './quirks.js';
import type { SandboxUser } from './state.js';
import type { Change, World } from './world.js';

/** A request body: none, JSON, or invalid. */
export type Body = { kind: 'none' } | { kind: 'json'; value: unknown } | { kind: 'bad'; reason: string };

/** The request that an endpoint handles. */
export interface Call {
  world: World;
  quirks: Quirks;
  /** The owner of the token; null before authentication. */
  actor: SandboxUser | null;
  body: Body;
  /** Milliseconds until a write becomes visible; set by a fault. */
  lateMs: number;
  /** True to drop a write; set by a fault. */
  discard: boolean;
  /** True once the call has changed persistent state. */
  changed: boolean;
}

/** A call of a known person. */
export interface OwnedCall extends Call {
  actor: SandboxUser;
}

/** The bindings that Hono passes to each endpoint. */
export interface SandboxEnv {
  Bindings: { call: Call };
}

/** The context of an endpoint. */
export type SandboxContext = Context<SandboxEnv>;

/** A refused request. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Raises a `Refusal`. */
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

/** Returns the reason phrase of a status. */
function reasonOf(status: number): string {
  return REASONS[status] ?? 'Error';
}

/** Returns an HTML page like that of a proxy or a gateway. */
export function htmlPage(status: number, title: string, paragraph?: string): Response {
  const text = paragraph === undefined ? '' : `<p>${paragraph}</p>`;
  const body = `<body><h1>${title}</h1>${text}</body>`;
  const page = `<!DOCTYPE html>\n<html><head><title>${title}</title></head>${body}</html>\n`;
  return new Response(page, { status, headers: { 'content-type': 'text/html; charset=UTF-8' } });
}

/** Returns the response of a refusal: JSON, or with a quirk the reason phrase or an HTML page. */
export function refusalAnswer(quirks: Quirks, status: number, message: string): Response {
  const reason = reasonOf(status);
  if (quirks.errorsAsText) return textAnswer(reason, status);
  if (quirks.errorsAsHtml) return htmlPage(status, `${status} ${reason}`);
  return Response.json({ status, statusReason: reason, message }, { status });
}

/** Returns a plain text response. */
export function textAnswer(text: string, status = 200): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=UTF-8' } });
}

/** Returns the call of a context. Raises 401 without an actor. */
export function callOf(c: SandboxContext): OwnedCall {
  const { call } = c.env;
  if (call.actor === null) refuse(401, 'authentication is needed');
  return call as OwnedCall;
}

/** Commits a change; faults and quirks of the call may delay or drop it. */
export function commitChange(call: OwnedCall, change: Change): void {
  const lateMs = Math.max(call.lateMs, call.quirks.lateVisibility);
  call.changed = !call.discard;
  call.world.commit(change, { actor: call.actor, lateMs, discard: call.discard });
}

/** Does the actor hold the authority now? */
export function holdsAuthority(call: OwnedCall, authority: string): boolean {
  return call.world.truth.role(call.actor.roleId)?.authorities.includes(authority) ?? false;
}

/** Raises 403 unless the actor holds one of the authorities now. */
export function needs(call: OwnedCall, ...authorities: string[]): void {
  if (!authorities.some((authority) => holdsAuthority(call, authority))) {
    refuse(403, `this needs the authority ${authorities.join(' or ')}`);
  }
}

/** Returns the body as JSON. Raises 400. */
export function jsonBody(call: Call): unknown {
  if (call.body.kind === 'bad') refuse(400, call.body.reason);
  if (call.body.kind === 'none') refuse(400, 'a JSON body is needed');
  return call.body.value;
}

/** Returns the body as a JSON object. Raises 400. */
export function objectBody(call: Call): Record<string, unknown> {
  const value = jsonBody(call);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(400, 'the body must be a JSON object');
  return value as Record<string, unknown>;
}

/** Reads an id from a number or digits; null for anything else. */
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

/** Returns a JSON response, with ids as strings if the quirk is on. */
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
