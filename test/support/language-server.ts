import { spawn } from 'node:child_process';
import { join } from 'node:path';

const SERVER = join(import.meta.dirname, '../../node_modules/yaml-language-server/bin/yaml-language-server');

/** The parts of a message of the language server protocol that these tests read. */
interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
}

/** A running YAML language server, used as an editor does. */
export interface Editor {
  request: (method: string, params: unknown) => Promise<unknown>;
  notify: (method: string, params: unknown) => void;
  /** Waits for the next notification of this kind that matches. */
  notification: (method: string, fits: (params: unknown) => boolean) => Promise<unknown>;
  close: () => Promise<void>;
}

/** Starts the server with these settings. */
export async function openEditor(settings: unknown): Promise<Editor> {
  const server = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const answers = new Map<number, (result: unknown) => void>();
  const past: Message[] = [];
  const waiting: {
    method: string;
    fits: (params: unknown) => boolean;
    resolve: (params: unknown) => void;
  }[] = [];
  let buffer = Buffer.alloc(0);
  let last = 0;

  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const take = (message: Message): void => {
    if (message.method === undefined) {
      answers.get(message.id ?? -1)?.(message.result);
    } else if (message.id !== undefined) {
      // The server asks for its settings, once for each section.
      const items = (message.params as { items?: { section: string }[] }).items ?? [];
      const known = settings as Record<string, unknown>;
      send({
        id: message.id,
        result:
          message.method === 'workspace/configuration'
            ? items.map(({ section }) => known[section] ?? {})
            : null,
      });
    } else {
      past.push(message);
      for (const one of [...waiting]) {
        if (one.method === message.method && one.fits(message.params)) one.resolve(message.params);
      }
    }
  };
  server.stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/u.exec(buffer.subarray(0, Math.max(0, end)).toString())?.[1],
      );
      if (end < 0 || buffer.length < end + 4 + length) return;
      const text = buffer.subarray(end + 4, end + 4 + length).toString();
      buffer = buffer.subarray(end + 4 + length);
      take(JSON.parse(text) as Message);
    }
  });

  const editor: Editor = {
    request: (method, params) =>
      new Promise((resolve) => {
        last += 1;
        answers.set(last, resolve);
        send({ id: last, method, params });
      }),
    notify: (method, params) => send({ method, params }),
    notification: (method, fits) =>
      new Promise((resolve) => {
        const before = past.findLast((one) => one.method === method && fits(one.params));
        if (before) resolve(before.params);
        else waiting.push({ method, fits, resolve });
      }),
    close: async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await gone;
    },
  };
  await editor.request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { configuration: true } },
  });
  editor.notify('initialized', {});
  editor.notify('workspace/didChangeConfiguration', { settings });
  return editor;
}
