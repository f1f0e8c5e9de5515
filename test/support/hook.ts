import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook on this machine. */
export interface Hook {
  address: string;
  /** The bodies of all posts, parsed. */
  posted: unknown[];
  close: () => void;
}

/** The part of the address that is a secret. */
export const HOOK_SECRET = 'very-secret-path';

/** Opens a webhook that takes every post. */
export async function openHook(): Promise<Hook> {
  const posted: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      posted.push(JSON.parse(body));
      response.writeHead(200).end('ok');
    });
  });
  await new Promise<void>((open) => server.listen(0, '127.0.0.1', open));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/hooks/${HOOK_SECRET}`,
    posted,
    close: () => void server.close(),
  };
}
