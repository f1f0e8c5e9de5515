import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A comment or issue as the stand-in stores it. */
interface Post {
  id: number;
  number: number;
  title: string | null;
  body: string;
  state: 'open' | 'closed';
  user: { login: string; type: 'User' | 'Bot' };
  pull_request?: object;
}

/** A stand-in for GitHub's REST API for one repository, served under a path as on a GitHub Enterprise server. */
export interface GitHubStandIn {
  url: string;
  /** Comments by the number of their issue or pull request. */
  comments: Map<number, Post[]>;
  issues: Post[];
  /** Method and path of each request, in order. */
  seen: string[];
  /** Tokens and their permissions. */
  tokens: Map<string, { login: string; type: 'User' | 'Bot'; write: boolean }>;
  /** The number of requests to answer with 502 first. */
  failNext: (times: number) => void;
  post: (issue: number, post: Pick<Post, 'body' | 'user'>) => void;
  close: () => Promise<void>;
}

export const REPOSITORY = 'acme/roles';

/** The login of the token of a workflow. */
export const ROBOT = { login: 'github-actions[bot]', type: 'Bot' } as const;

/** The maximum length of a comment. GitHub answers 422 to a longer one. */
const LONGEST = 65_536;

/**
 * Serves the stand-in on a free port. `write-token` may write, `read-token` may not, `person-token` is a person's.
 */
export async function serveGitHub(): Promise<GitHubStandIn> {
  let next = 1000;
  let failures = 0;
  const hub: Omit<GitHubStandIn, 'url' | 'close'> = {
    comments: new Map(),
    issues: [],
    seen: [],
    tokens: new Map([
      ['write-token', { ...ROBOT, write: true }],
      ['read-token', { ...ROBOT, write: false }],
      ['person-token', { login: 'ana', type: 'User', write: true }],
    ]),
    failNext: (times) => {
      failures = times;
    },
    post: (issue, { body, user }) => {
      const list = hub.comments.get(issue) ?? [];
      hub.comments.set(issue, [
        ...list,
        { id: (next += 1), number: 0, title: null, body, state: 'open', user },
      ]);
    },
  };

  async function answer(request: IncomingMessage): Promise<[number, unknown]> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? 'GET';
    hub.seen.push(`${method} ${url.pathname}`);
    if (failures > 0) {
      failures -= 1;
      return [502, { message: 'Server Error' }];
    }
    const token = hub.tokens.get(/^Bearer (.+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? '');
    if (!token) return [401, { message: 'Bad credentials' }];
    if (!request.headers['user-agent'])
      return [403, { message: 'Request forbidden by administrative rules' }];
    const path = url.pathname.replace(/^\/api\/v3/u, '');
    if (path === '/user') {
      return token.type === 'User'
        ? [200, { login: token.login, type: token.type }]
        : [403, { message: 'Resource not accessible by integration' }];
    }
    // The only request with which installations and workflows learn their own login.
    if (url.pathname === '/api/graphql') return [200, { data: { viewer: { login: token.login } } }];
    if (!path.startsWith(`/repos/${REPOSITORY}/issues`)) return [404, { message: 'Not Found' }];
    if (method !== 'GET' && !token.write) return [403, { message: 'Resource not accessible by integration' }];
    const rest = path.slice(`/repos/${REPOSITORY}/issues`.length);
    const body = method === 'GET' ? {} : await bodyOf(request);
    if (typeof body.body === 'string' && [...body.body].length > LONGEST)
      return [422, { message: 'body is too long (maximum is 65536 characters)' }];
    const user = { login: token.login, type: token.type };
    const text = typeof body.body === 'string' ? body.body : '';

    const thread = /^\/(\d+)\/comments$/u.exec(rest);
    if (thread) {
      const list = hub.comments.get(Number(thread[1])) ?? [];
      if (method === 'GET') return [200, pageOf(list, url)];
      hub.post(Number(thread[1]), { body: text, user });
      return [201, hub.comments.get(Number(thread[1]))?.at(-1)];
    }
    const one = /^\/comments\/(\d+)$/u.exec(rest);
    if (one && method === 'PATCH') {
      const found = [...hub.comments.values()].flat().find(({ id }) => id === Number(one[1]));
      if (!found) return [404, { message: 'Not Found' }];
      found.body = text;
      return [200, found];
    }
    if (rest === '' && method === 'GET') {
      const state = url.searchParams.get('state') ?? 'open';
      return [
        200,
        pageOf(
          hub.issues.filter((issue) => issue.state === state),
          url,
        ),
      ];
    }
    if (rest === '' && method === 'POST') {
      const number = hub.issues.length + 1;
      const title = typeof body.title === 'string' ? body.title : null;
      hub.issues.push({ id: (next += 1), number, title, body: text, state: 'open', user });
      return [201, hub.issues.at(-1)];
    }
    const issue = hub.issues.find(({ number }) => rest === `/${number}`);
    if (!issue || method !== 'PATCH') return [404, { message: 'Not Found' }];
    if (typeof body.body === 'string') issue.body = body.body;
    if (body.state === 'closed') issue.state = 'closed';
    return [200, issue];
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ([status, value]) => send(response, status, value),
      () => send(response, 500, { message: 'the stand-in failed' }),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    ...hub,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

function pageOf(list: readonly Post[], url: URL): readonly Post[] {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const page = Number(url.searchParams.get('page') ?? 1);
  return list.slice((page - 1) * size, page * size);
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
}
