import { openClient } from '../http/client.js';
import { HttpError } from '../http/failure.js';
import { bearerCredential, type HttpRequest } from '../http/request.js';
import type { Environment } from '../shell/environment.js';
import { isRecord } from '../model/record.js';

/**
 * The GitHub API, as far as a step needs it. Requests go through our own HTTP client, which already has the proxy support,
 * retries, time budget and redaction that a GitHub package would add a second time.
 */
export interface GitHub {
  /** All items of a list, page by page. */
  list(path: string, query: Query): Promise<Item[]>;
  create(path: string, body: unknown): Promise<Item>;
  edit(path: string, body: unknown): Promise<Item>;
  /** Was this item written by the owner of the token? */
  isOwn(item: Item): Promise<boolean>;
  close(): void;
}

type Query = NonNullable<HttpRequest['query']>;

/** A comment or an issue. */
export interface Item {
  id: number;
  number?: number;
  body: string;
  author: { login: string; bot: boolean } | null;
  isPullRequest: boolean;
}

/** Items per page; GitHub returns at most 100. */
const PAGE_SIZE = 100;

/** Pages read of one list: more than any thread has. */
const MAX_PAGES = 100;

/** Opens the API at `GITHUB_API_URL`, which differs from github.com on GitHub Enterprise Server. */
export function openGitHub(token: string, environment: Environment): GitHub {
  const api = new URL(environment.env.GITHUB_API_URL ?? 'https://api.github.com');
  const prefix = api.pathname.replace(/\/+$/u, '');
  const client = openClient({
    baseUrl: api.origin,
    credential: bearerCredential(token),
    userAgent: `domo-roles/${environment.version}`,
    environment: environment.env,
    retries: 3,
    timeoutMs: 20_000,
    totalBudgetMs: 60_000,
    signal: environment.signal,
    now: environment.now,
    random: environment.random,
    sleep: environment.sleep,
  });
  const send = async (request: HttpRequest): Promise<unknown> =>
    (await client.send({ ...request, path: `${prefix}${request.path}` })).body;
  const graphqlUrl = graphqlPath(environment.env, api);
  const graphql: Send = async (request) =>
    graphqlUrl === null ? null : (await client.send({ ...request, path: graphqlUrl })).body;
  const ownLogin = once(() => readOwnLogin(send, graphql));
  return {
    list: async (path, query) => {
      const items: Item[] = [];
      for (let page = 1; page <= MAX_PAGES; page += 1) {
        const body = await send({ method: 'GET', path, query: { ...query, per_page: PAGE_SIZE, page } });
        const found = Array.isArray(body) ? body.map(itemOf) : [];
        items.push(...found);
        if (found.length < PAGE_SIZE) break;
      }
      return items;
    },
    create: async (path, body) => itemOf(await send({ method: 'POST', path, body })),
    // Writing the same text twice is harmless, so a retry is safe.
    edit: async (path, body) => itemOf(await send({ method: 'PATCH', path, body, idempotent: true })),
    isOwn: async ({ author }) => {
      if (!author) return false;
      const login = await ownLogin();
      return login === null ? author.bot : author.login === login;
    },
    close: () => client.close(),
  };
}

type Send = (request: HttpRequest) => Promise<unknown>;

/**
 * Reads the login of the token's owner. REST supports only tokens of people; GraphQL also supports the token of a workflow
 * or an app. Null if neither supports the token: its comments are then written by a bot.
 */
async function readOwnLogin(send: Send, graphql: Send): Promise<string | null> {
  const body = await tryRequest(send, { method: 'GET', path: '/user' });
  const person = (body as { login?: unknown } | null)?.login;
  if (typeof person === 'string') return person;
  const query = { query: 'query { viewer { login } }' };
  const response = await tryRequest(graphql, { method: 'POST', path: '', body: query, read: true });
  const bot = (response as { data?: { viewer?: { login?: unknown } | null } | null } | null)?.data?.viewer
    ?.login;
  return typeof bot === 'string' ? bot : null;
}

/** Sends a request; null if the token may not send it, or the endpoint does not exist. */
async function tryRequest(send: Send, request: HttpRequest): Promise<unknown> {
  try {
    return await send(request);
  } catch (error) {
    if (error instanceof HttpError && [400, 403, 404, 405].includes(error.status ?? 0)) return null;
    throw error;
  }
}

/** The path of the GraphQL API, which the runner names. Null for a different host, which must not receive the token. */
function graphqlPath(env: Environment['env'], api: URL): string | null {
  const address = env.GITHUB_GRAPHQL_URL ?? `${api.origin}/graphql`;
  return URL.canParse(address) && new URL(address).origin === api.origin ? new URL(address).pathname : null;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => (result ??= work());
}

function itemOf(value: unknown): Item {
  const item = isRecord(value) ? value : {};
  const user = item.user as { login?: unknown; type?: unknown } | null | undefined;
  return {
    id: typeof item.id === 'number' ? item.id : 0,
    ...(typeof item.number === 'number' ? { number: item.number } : {}),
    body: typeof item.body === 'string' ? item.body : '',
    author: user ? { login: String(user.login), bot: user.type === 'Bot' } : null,
    isPullRequest: item.pull_request !== undefined && item.pull_request !== null,
  };
}

/** Explains why a GitHub request failed. The messages of the HTTP client are about Domo. */
export function githubFailureText(error: unknown): string {
  if (!(error instanceof HttpError)) return 'the request failed';
  if (error.status === null) return 'GitHub did not respond';
  if (error.status === 401) return 'GitHub does not accept the token (401)';
  if (error.status === 403 || error.status === 404) return `the token may not write here (${error.status})`;
  return `GitHub responded with ${error.status}`;
}
