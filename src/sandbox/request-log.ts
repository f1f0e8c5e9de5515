import type { Body } from './answers.js';

/** A request and its result, without headers and secrets. */
export interface LoggedRequest {
  /** Counted from 1. */
  n: number;
  method: string;
  path: string;
  query: Record<string, string>;
  /** The body as JSON; null without a body, and for one that is not JSON. */
  body: unknown;
  /** Null if there was no response. */
  status: number | null;
  /** User id of the token's owner; null without a token. */
  actorId: number | null;
  /** The faults that affected it. */
  faults: string[];
}

const HIDDEN = '[hidden]';
const SECRET_FIELD = /password|token|secret|credential/i;
const DEPTH_LIMIT = 40;

/** Hides the secrets of a value: fields with the name of a secret, and texts that contain a known one. */
export function withoutSecrets(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof value === 'string')
    return secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_LIMIT) return '[too deep]';
  if (Array.isArray(value)) return value.map((entry) => withoutSecrets(entry, secrets, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      withoutSecrets(key, secrets, depth + 1),
      SECRET_FIELD.test(key) ? HIDDEN : withoutSecrets(inner, secrets, depth + 1),
    ]),
  );
}

const BODY_LIMIT = 16 * 2 ** 20;

/** Reads a body completely and parses it as JSON. A body over 16 MB is invalid. */
export async function readBody(request: Request): Promise<Body> {
  const stream = request.body as AsyncIterable<Uint8Array> | null;
  if (stream === null || request.method === 'GET' || request.method === 'HEAD') return { kind: 'none' };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  if (size === 0) return { kind: 'none' };
  if (size > BODY_LIMIT) return { kind: 'bad', reason: 'the body is too large' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return { kind: 'json', value: JSON.parse(text) as unknown };
  } catch {
    return { kind: 'bad', reason: 'the body is not JSON' };
  }
}
