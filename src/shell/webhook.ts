import { isLoopback } from '../http/proxy.js';
import type { Drift } from '../drift/drift.js';
import type { FleetDocument } from '../fleet/document.js';
import { driftItems } from '../render/facts/drift-items.js';
import { summaryLine } from '../render/facts/verdict.js';
import { fleetChat } from '../render/fleet/fleet-chat.js';
import { AS_WRITTEN } from '../render/fleet/fleet-facts.js';
import type { Reword } from '../render/fleet/fleet-facts.js';
import { chatLine } from '../render/format/chat-line.js';
import { ProblemError, problem, usageError } from '../problem/problem.js';
import type { Environment } from './environment.js';
import { EXIT, exitOfProblems } from './exit.js';
import type { Exit } from './exit.js';
import { printProblems } from './output.js';
import { refuseUnused } from './unused-flags.js';

/** Options of a webhook call. */
interface WebhookOptions {
  /** `json`: the drift document; `chat`: a message in the common format of chat services. */
  form: 'json' | 'chat';
  environment: Environment;
  /** Replaces the words of messages in a chat message. */
  reword?: Reword | undefined;
}

/** The place in messages. The address itself is a secret and never shown. */
const WHERE = { what: '--webhook' } as const;

/** The address of a webhook: https, or http to loopback, without a user. Raises `usage`, and sends nothing. */
export function webhookAddress(text: string): URL {
  const hint = { ...WHERE, hint: 'use the https address that the service shows for the webhook' };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw usageError('the webhook is not a URL', hint);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw usageError('the webhook is neither https nor on this machine', hint);
  if (url.username !== '' || url.password !== '')
    throw usageError('the webhook contains a user or password, which would not be sent', hint);
  return url;
}

/** Posts drift to a URL. Raises `webhook-failed` if it cannot be delivered. */
export async function postWebhook(
  address: string,
  drift: Drift | FleetDocument,
  { form, environment, reword = AS_WRITTEN }: WebhookOptions,
): Promise<void> {
  const url = webhookAddress(address);
  const { openClient } = await import('../http/client.js');
  const client = openClient({
    baseUrl: url.origin,
    instance: url.host,
    environment: environment.env,
    retries: 2,
    stop: environment.signal,
    sleep: environment.sleep,
    now: environment.now,
    random: environment.random,
  });
  try {
    await client.send({
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      body: form === 'json' ? drift : { text: chatText(drift, reword) },
      answer: 'any',
      idempotent: false,
      secrets: [`${url.pathname}${url.search}`],
    });
  } catch (cause) {
    const why = cause instanceof ProblemError ? (cause.problems[0]?.code ?? 'unknown') : 'unknown';
    throw new ProblemError(
      problem('webhook-failed', `the webhook rejected the drift (${why})`, {
        where: WHERE,
        hint: 'the report above is complete',
      }),
      { cause },
    );
  } finally {
    client.close();
  }
}

/** The flags of a webhook. */
export interface WebhookFlags {
  webhook?: string | undefined;
  /** Default: json. */
  webhookFormat?: 'json' | 'chat' | undefined;
}

/** Raises `usage` for an address that cannot be used, and for a format without an address. */
export function checkWebhook(flags: WebhookFlags): void {
  if (flags.webhook !== undefined) webhookAddress(flags.webhook);
  else
    refuseUnused(flags, ['webhookFormat'], (flag) => ({
      message: `${flag} needs --webhook`,
      hint: 'add --webhook URL, or leave it out',
    }));
}

/**
 * Posts a document whose exit code is not 0 to the webhook, if there is one. A failure goes only to stderr, because stdout
 * already contains the document.
 */
export async function exitAfterPost(
  exit: Exit,
  document: Drift | FleetDocument,
  { flags, environment }: { flags: WebhookFlags; environment: Environment },
): Promise<Exit> {
  const { webhook, webhookFormat: form = 'json' } = flags;
  if (exit === EXIT.done || webhook === undefined) return exit;
  try {
    await postWebhook(webhook, document, { form, environment });
    return exit;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    await printProblems(environment, error.problems);
    return exitOfProblems(error.problems);
  }
}

/** A short chat message: the instance and its differences, with who made them if known. */
function chatText(drift: Drift | FleetDocument, reword: Reword): string {
  if (drift.kind === 'fleet') return fleetChat(drift, reword);
  const items = [
    ...drift.problems.map(({ message }) => reword(message)),
    ...driftItems(drift).map(({ text }) => text),
  ];
  const lines = items.slice(0, 10).map((text) => `• ${chatLine(text)}`);
  const more = items.length > lines.length ? [`… and ${items.length - lines.length} more`] : [];
  return [`Drift on ${chatLine(drift.instance)}: ${summaryLine(drift)}`, ...lines, ...more].join('\n');
}
