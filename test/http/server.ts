import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientOptions, HttpClient } from '../../src/http/client.js';
import { openClient } from '../../src/http/client.js';
import { DOMO_SERVICE, tokenCredential } from '../../src/routes/domo-service.js';
import { ProblemError, type Problem } from '../../src/problem/problem.js';

export type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A request as a server saw it. */
export interface Received {
  method: string;
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

/** A server on a free port of this machine, for one test. */
export interface TestServer {
  url: string;
  port: number;
  received: Received[];
  close(): Promise<void>;
}

export async function serve(answer: Answering): Promise<TestServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { method = '', url = '', headers } = request;
      received.push({ method, url, headers, body });
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers JSON. */
export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8' }).end(JSON.stringify(value));
}

export const TOKEN = 'TOKEN-aa11bb22cc33';

/** A client that never waits. */
export function quickClient(options: Partial<ClientOptions> & { baseUrl: string }): HttpClient {
  return openClient({
    credential: tokenCredential(TOKEN),
    service: DOMO_SERVICE,
    sleep: async () => undefined,
    ...options,
  });
}

/** The problem that a promise was rejected with. Fails if it was not rejected. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(
    () => null,
    (raised: unknown) => raised,
  );
  if (!(error instanceof ProblemError)) throw new Error(`no ProblemError but ${String(error)}`);
  const [first] = error.problems;
  if (!first) throw new Error('a ProblemError without problems');
  return first;
}
