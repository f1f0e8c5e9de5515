import { appendFile } from 'node:fs/promises';
import { oneLine } from '../render/format/one-line.js';
import { write } from '../shell/environment.js';
import type { Environment } from '../shell/environment.js';

/** What a step reports to the runner: workflow commands on stdout, and the files that it names in the environment. */
export interface Runner {
  /** The runner hides this text wherever it would show it. */
  mask(secret: string): Promise<void>;
  /** Plain text for the log: nothing in it is taken for a command. */
  log(text: string): Promise<void>;
  /** Does work that prints lines of its own as it goes: nothing of them is taken for a command. */
  plainly<T>(work: () => Promise<T>): Promise<T>;
  /** Workflow commands as the renderers write them. */
  annotate(commands: string): Promise<void>;
  notice(message: string): Promise<void>;
  warning(message: string): Promise<void>;
  error(message: string): Promise<void>;
  output(values: Readonly<Record<string, string>>): Promise<void>;
  summary(markdown: string): Promise<void>;
  /** What could not be written so far, once each: `the job summary (ENOSPC)`. */
  unwritten(): readonly string[];
}

/**
 * The runner of this job. Outside of one, outputs and summary go nowhere. None of its functions throws: what
 * cannot be written is kept for the end, since a full disk must not hide what a run did.
 */
export function openRunner({ stdout, env, token }: Pick<Environment, 'stdout' | 'env' | 'token'>): Runner {
  const failures = new Map<string, string>();
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => {
      if (!failures.has(what)) failures.set(what, systemCode(error));
    });
  };
  const writeLog = (text: string): Promise<void> => attempt('the log', () => write(stdout, text));
  const annotation =
    (kind: 'notice' | 'warning' | 'error') =>
    (message: string): Promise<void> =>
      writeLog(`::${kind} title=domo-roles::${escapeData(oneLine(message))}\n`);
  const append = async (what: string, file: string | undefined, text: string): Promise<void> => {
    if (file !== undefined && file !== '') await attempt(what, () => appendFile(file, text));
  };
  return {
    mask: async (secret) => {
      // A secret of several lines is hidden line by line, since the log is.
      for (const line of secret.split(/\r?\n/u))
        if (line.trim() !== '') await writeLog(`::add-mask::${escapeData(line.trim())}\n`);
    },
    log: async (text) => {
      if (text === '') return;
      // The log contains role names, and a runner takes a line such as `##[add-path]` for a command.
      const word = `domo-roles-${token()}${token()}`;
      await writeLog(`::stop-commands::${word}\n${text}${text.endsWith('\n') ? '' : '\n'}::${word}::\n`);
    },
    plainly: async (work) => {
      const word = `domo-roles-${token()}${token()}`;
      await writeLog(`::stop-commands::${word}\n`);
      try {
        return await work();
      } finally {
        await writeLog(`::${word}::\n`);
      }
    },
    annotate: writeLog,
    notice: annotation('notice'),
    warning: annotation('warning'),
    error: annotation('error'),
    output: async (values) => {
      const lines = Object.entries(values).map(([name, value]) => {
        const end = `end-${token()}${token()}`;
        return `${name}<<${end}\n${value}\n${end}\n`;
      });
      await append('the outputs', env.GITHUB_OUTPUT, lines.join(''));
    },
    summary: (markdown) => append('the job summary', env.GITHUB_STEP_SUMMARY, `${markdown.trimEnd()}\n\n`),
    unwritten: () => [...failures].map(([what, code]) => `${what} (${code})`),
  };
}

/** The system's word for a failure, `ENOSPC`. */
export function systemCode(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
