import { HttpError, statusFailure, type FailedRequest } from './failure.js';
import { parseInParts, withItemsRead, type ItemReader } from './list-in-parts.js';
import { oneLine } from './redact.js';
import { parseRetryAfter } from './retry.js';
import type { WireAnswer } from './transport.js';

/** A successful response. */
export interface HttpAnswer {
  status: number;
  /** The parsed JSON; null for an empty or unreadable body if none was required. */
  body: unknown;
}

/** A request, with what is needed to check its response. */
interface CheckedRequest extends FailedRequest {
  asked: 'json' | 'any';
  /** Does the request only read? */
  reads: boolean;
  items: ItemReader | null;
  redact: (text: string) => string;
}

/**
 * The statuses of a read with a complete body. 206 is a part of it, 202 comes before it is ready, and
 * the others (207, 208, 226) are about something else.
 */
const WHOLE = new Set([200, 201, 203]);

/** Parses a response. Raises `HttpError` if its status is not 2xx or its body is not of the requested kind. */
export function readAnswer(answer: WireAnswer, judged: CheckedRequest): HttpAnswer {
  const { status, headers } = answer;
  if (status < 200 || status > 299) throw refusal(answer, judged);
  const type = headers.get('content-type') ?? '';
  const bytes = joined(answer.chunks);
  const isWholeJson = judged.reads && WHOLE.has(status) && isJson(type);
  const inParts =
    judged.items && isWholeJson ? parseInParts(bytes, judged.items, { decode: decodeClean }) : null;
  if (inParts) return { status, body: inParts.value };
  const { text, clean } = decode(bytes);
  // A proxy, a login page or a service that rejects the network may answer 200 with a web page.
  if (/html/i.test(type) || /^\s*<(!doctype|html)/i.test(text))
    throw pageInstead(status, titleOf(judged.redact(text)), judged);
  if (judged.asked === 'any') return { status, body: parse(text)?.value ?? null };
  if (text === '') throw badAnswer(status, 'without a body', judged);
  if (judged.reads && !WHOLE.has(status))
    throw badAnswer(status, 'instead of 200: the data may be incomplete', judged);
  if (!isJson(type)) {
    throw badAnswer(status, `as ${oneLine(judged.redact(type), 60)} instead of JSON`, judged);
  }
  const parsed = clean ? parse(text) : null;
  if (!parsed) throw badAnswer(status, 'with a body that is not JSON', judged);
  return { status, body: judged.items ? withItemsRead(parsed.value, judged.items) : parsed.value };
}

/** May a body of this content type be JSON? Some responses have no type. */
function isJson(type: string): boolean {
  return type === '' || (/json|text\/plain/i.test(type) && !/html/i.test(type));
}

function refusal(answer: WireAnswer, judged: CheckedRequest): HttpError {
  const { status, headers, chunks } = answer;
  const location = headers.get('location') ?? '';
  if (judged.service.refusesNetwork({ status, location, title: '' })) return blocked(status, judged);
  // Redact before and after: cutting must not leave half a secret, and unescaping must not reveal one.
  const text = judged.redact(decode(joined(chunks)).text);
  const target = status >= 300 && status <= 399 ? targetOf(judged.redact(location)) : '';
  const detail = oneLine(judged.redact(target === '' ? messageIn(text) : target));
  const retryAfter = headers.get('retry-after') ?? null;
  const wait = parseRetryAfter(retryAfter, 0) === null ? null : oneLine(judged.redact(retryAfter ?? ''), 40);
  return new HttpError({
    ...statusFailure(judged, { status, detail, text, retryAfter, wait }),
    body: masked(text, judged.redact),
  });
}

/** Where a redirect leads, without a password and parameters, which may contain secrets; '' without a target. */
function targetOf(location: string): string {
  const [place = ''] = location.split(/[?#;]/);
  return place === '' ? '' : `to ${place.replace(/\/\/[^/]*@/, '//')}`;
}

/** Error bodies longer than this, in characters, are not kept. */
const MOST_BODY = 10_000;

/** JSON escapes can hide a secret from a search of the raw text, so the parsed strings are redacted as well. */
function masked(text: string, redact: (text: string) => string): unknown {
  if (text.length > MOST_BODY) return redact(text.slice(0, MOST_BODY));
  const value = parse(text)?.value;
  if (value === undefined) return text;
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' ? redact(part) : part,
  );
}

/** The message of an error body: a JSON message field, the title of a web page, or the text itself. */
function messageIn(text: string): string {
  if (/^\s*</.test(text)) return titleOf(text);
  const value = parse(text)?.value;
  if (typeof value !== 'object' || value === null) return text;
  const { message, statusReason, error } = value as Record<string, unknown>;
  const parts = [message, statusReason, error];
  return parts.find((part): part is string => typeof part === 'string' && part !== '') ?? text;
}

function pageInstead(status: number, title: string, judged: CheckedRequest): HttpError {
  if (judged.service.refusesNetwork({ status, location: '', title })) return blocked(status, judged);
  const shown = title === '' ? '' : ` titled "${oneLine(judged.redact(title), 80)}"`;
  return blocked(
    status,
    judged,
    `the body is a web page${shown}: a proxy or login page answers in place of ${judged.host}, or ${judged.host} does not accept requests from this network`,
  );
}

function blocked(
  status: number,
  { what, host, service }: CheckedRequest,
  means = `${host} does not accept requests from this network`,
): HttpError {
  return new HttpError({
    code: 'blocked-network',
    message: `${what} returned ${status}, but ${means}`,
    what,
    hint: service.networkHint,
    status,
    isTemporary: false,
  });
}

function badAnswer(status: number, how: string, { what, service }: CheckedRequest): HttpError {
  return new HttpError({
    code: 'bad-answer',
    message: `${what} returned ${status} ${how}`,
    what,
    hint: `try again; if it persists, check ${service.name} and any proxy in front of it`,
    status,
    isTemporary: true,
  });
}

const utf8 = new TextDecoder();

/** Larger bodies get memory of their own. */
const MOST_SHARED = 8 * 2 ** 20;

/** Memory for joining the chunks of a body. New memory for each body would take longer than the copy. */
let shared = Buffer.alloc(0);

/** The bytes of a body, valid until the next call. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = chunks;
  if (only && others.length === 0) return only;
  const size = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (size > MOST_SHARED) return Buffer.concat(chunks);
  if (size > shared.length) shared = Buffer.allocUnsafeSlow(Math.min(2 * size, MOST_SHARED));
  let at = 0;
  for (const chunk of chunks) {
    shared.set(chunk, at);
    at += chunk.byteLength;
  }
  return shared.subarray(0, size);
}

function decode(bytes: Uint8Array): { text: string; clean: boolean } {
  const text = utf8.decode(bytes);
  return { text, clean: !text.includes('\uFFFD') || isUtf8(bytes) };
}

function decodeClean(bytes: Uint8Array): string {
  const { text, clean } = decode(bytes);
  if (clean) return text;
  throw new TypeError('the bytes are not UTF-8');
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

function titleOf(html: string): string {
  return (/<title[^>]*>([^<]{0,300})/i.exec(html.slice(0, 20_000))?.[1] ?? '').trim();
}
