import { openClient } from '../http/client.js';
import { HttpError } from '../http/failure.js';
import { bearerCredential, type HttpRequest } from '../http/request.js';
import type { Environment } from '../shell/environment.js';

/**
 * The few calls that a step makes to GitHub. They go through the client that speaks to Domo: it has the
 * proxy, the retries, the time budget and the redaction that a runner behind a company's wall needs, and
 * that a package for GitHub would bring a second time.
 */
export interface GitHub {
  /** All items of a list, page by page. */
  list(path: string, query: Query): Promise<Item[]>;
  create(path: string, body: unknown): Promise<Item>;
  edit(path: string, body: unknown): Promise<Item>;
  /** Is this item written by the owner of the token? */
  isOwn(item: Item): Promise<boolean>;
  close(): void;
}

type Query = NonNullable<HttpRequest['query']>;

/** A comment or an issue, as far as it is looked at. */
export interface Item {
  id: number;
  number?: number;
  body: string;
  author: { login: string; bot: boolean } | null;
  isPullRequest: boolean;
}

/** Items of one page, and pages of one list: the most that GitHub gives, and more than a thread has. */
const PAGE = 100;
const MOST_PAGES = 100;

/** Opens the API of this run: `GITHUB_API_URL` is another one on a company's own server. */
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
  const graphqlAt = graphqlPath(environment.env, api);
  const graphql: Send = async (request) =>
    graphqlAt === null ? null : (await client.send({ ...request, path: graphqlAt })).body;
  const whoAmI = once(() => loginOf(send, graphql));
  return {
    list: async (path, query) => {
      const items: Item[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const body = await send({ method: 'GET', path, query: { ...query, per_page: PAGE, page } });
        const found = Array.isArray(body) ? body.map(itemOf) : [];
        items.push(...found);
        if (found.length < PAGE) break;
      }
      return items;
    },
    create: async (path, body) => itemOf(await send({ method: 'POST', path, body })),
    // The same text twice is the same text.
    edit: async (path, body) => itemOf(await send({ method: 'PATCH', path, body, idempotent: true })),
    isOwn: async ({ author }) => {
      if (!author) return false;
      const login = await whoAmI();
      return login === null ? author.bot : author.login === login;
    },
    close: () => client.close(),
  };
}

type Send = (request: HttpRequest) => Promise<unknown>;

/**
 * Whose token is it? The REST API answers people alone; a workflow's own token and an app's may ask the other
 * one. Null where neither answers: what such a token writes is written by a bot.
 */
async function loginOf(send: Send, graphql: Send): Promise<string | null> {
  const body = await ask(send, { method: 'GET', path: '/user' });
  const person = (body as { login?: unknown } | null)?.login;
  if (typeof person === 'string') return person;
  const query = { query: 'query { viewer { login } }' };
  const answer = await ask(graphql, { method: 'POST', path: '', body: query, read: true });
  const bot = (answer as { data?: { viewer?: { login?: unknown } | null } | null } | null)?.data?.viewer
    ?.login;
  return typeof bot === 'string' ? bot : null;
}

/** Null where this token may not ask, or the address has no account. */
async function ask(send: Send, request: HttpRequest): Promise<unknown> {
  try {
    return await send(request);
  } catch (error) {
    if (error instanceof HttpError && [400, 403, 404, 405].includes(error.status ?? 0)) return null;
    throw error;
  }
}

/** Where GraphQL is; the runner names it. Another host gets no token: null. */
function graphqlPath(env: Environment['env'], api: URL): string | null {
  const address = env.GITHUB_GRAPHQL_URL ?? `${api.origin}/graphql`;
  return URL.canParse(address) && new URL(address).origin === api.origin ? new URL(address).pathname : null;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => (asked ??= work());
}

function itemOf(value: unknown): Item {
  const item = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const user = item.user as { login?: unknown; type?: unknown } | null | undefined;
  return {
    id: typeof item.id === 'number' ? item.id : 0,
    ...(typeof item.number === 'number' ? { number: item.number } : {}),
    body: typeof item.body === 'string' ? item.body : '',
    author: user ? { login: String(user.login), bot: user.type === 'Bot' } : null,
    isPullRequest: item.pull_request !== undefined && item.pull_request !== null,
  };
}

/** Why GitHub did not take something, in a sentence; the client's own words are about Domo. */
export function failureText(error: unknown): string {
  if (!(error instanceof HttpError)) return 'the call failed';
  if (error.status === null) return 'no answer came';
  if (error.status === 401) return 'the token is not known (401)';
  if (error.status === 403 || error.status === 404) return `the token may not write here (${error.status})`;
  return `the answer was ${error.status}`;
}
