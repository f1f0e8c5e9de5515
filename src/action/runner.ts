import { appendFile } from 'node:fs/promises';
import { escapeData } from '../render/ci/problems-github.js';
import { oneLine } from '../render/format/one-line.js';
import { write } from '../shell/environment.js';
import type { Environment } from '../shell/environment.js';
import { systemCodeOf } from '../problem/system-error.js';

/** How a step reports to the runner: workflow commands on stdout, and the files that the environment names. */
export interface Runner {
  /** Makes the runner hide this text in the log. */
  mask(secret: string): Promise<void>;
  /** Writes plain text to the log; the runner reads no commands in it. */
  log(text: string): Promise<void>;
  /** Runs work that prints to the log; the runner reads no commands in what it prints. */
  withoutCommands<T>(work: () => Promise<T>): Promise<T>;
  /** Writes workflow commands as the renderers return them. */
  annotate(commands: string): Promise<void>;
  notice(message: string): Promise<void>;
  warning(message: string): Promise<void>;
  error(message: string): Promise<void>;
  output(values: Readonly<Record<string, string>>): Promise<void>;
  summary(markdown: string): Promise<void>;
  /** What could not be written so far, without duplicates: `the job summary (ENOSPC)`. */
  unwritten(): readonly string[];
}

/**
 * Opens the runner of this job. Outside of a job, outputs and summary are dropped. None of its functions throws: failed
 * writes are collected in `unwritten`, because a full disk must not hide the result of a run.
 */
export function openRunner({ stdout, env, token }: Pick<Environment, 'stdout' | 'env' | 'token'>): Runner {
  const failures = new Map<string, string>();
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => {
      if (!failures.has(what)) failures.set(what, systemCodeOf(error) ?? 'unknown');
    });
  };
  const resumeToken = (): string => `domo-roles-${token()}${token()}`;
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
      // The runner masks line by line, so each line of a secret is masked.
      for (const line of secret.split(/\r?\n/u))
        if (line.trim() !== '') await writeLog(`::add-mask::${escapeData(line.trim())}\n`);
    },
    log: async (text) => {
      if (text === '') return;
      // A role may have a name such as `##[add-path]`, which the runner would read as a command.
      const resume = resumeToken();
      await writeLog(`::stop-commands::${resume}\n${text}${text.endsWith('\n') ? '' : '\n'}::${resume}::\n`);
    },
    withoutCommands: async (work) => {
      const resume = resumeToken();
      await writeLog(`::stop-commands::${resume}\n`);
      try {
        return await work();
      } finally {
        await writeLog(`::${resume}::\n`);
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
