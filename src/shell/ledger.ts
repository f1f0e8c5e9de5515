import { resolve } from 'node:path';
import { ProblemError, problem } from '../problem/problem.js';
import { fileIdentity } from './file-identity.js';

/** What one run reads and writes: no output may land on an input or on another output, and none may fail unseen. */
export interface Ledger {
  /** A write was sent to the instance. */
  sent: boolean;
  /** An output that was asked for could not be written. */
  incomplete: boolean;
  /** Something was printed on stdout; it holds at most one result. */
  printed: boolean;
  /** Files by identity, with the path as messages show it. */
  readonly inputs: Map<string, string>;
  /** Files by identity, with the flag or command that writes them. */
  readonly outputs: Map<string, string>;
  /** The absolute paths of outputs, with the flag or command that writes them. */
  readonly paths: Map<string, string>;
}

/** Where paths are relative to, and what is known of them. */
interface Place {
  cwd: string;
  ledger: Ledger;
}

/** An output before it is written. */
export interface PlannedOutput {
  /** `--out`, `--report markdown`, or what the command calls it. */
  by: string;
  file: string;
}

/** The ledger of a run that has done nothing yet. */
export function openLedger(): Ledger {
  const files = { inputs: new Map(), outputs: new Map(), paths: new Map() };
  return { sent: false, incomplete: false, printed: false, ...files };
}

/** Notes files that this run reads. Raises `usage` where one of them is an output. */
export async function noteInputs({ cwd, ledger }: Place, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const identity = await fileIdentity(resolve(cwd, file));
    if (identity === null) continue;
    ledger.inputs.set(identity, file);
    const by = ledger.outputs.get(identity);
    if (by !== undefined) throw wouldOverwrite(by, file);
  }
}

/** Notes files that this run will write. Raises `usage` where one of them is an input or another output. */
export async function planOutputs({ cwd, ledger }: Place, outputs: readonly PlannedOutput[]): Promise<void> {
  for (const { by, file } of outputs) {
    if (streamOf(file) !== null) continue;
    const identity = await fileIdentity(resolve(cwd, file));
    if (identity === null) continue;
    const input = ledger.inputs.get(identity);
    if (input !== undefined) throw wouldOverwrite(by, input);
    const other = ledger.outputs.get(identity);
    if (other !== undefined) {
      throw usage(`${other} and ${by} would both write ${file}`, {
        what: by,
        hint: 'give each output a file of its own',
      });
    }
    ledger.outputs.set(identity, by);
    ledger.paths.set(resolve(cwd, file), by);
  }
}

/** Which stream of this process a path names; null for every other path. */
export function streamOf(file: string): 'stdout' | 'stderr' | null {
  if (/^\/(?:dev\/(?:stdout|fd\/1)|proc\/self\/fd\/1)$/u.test(file)) return 'stdout';
  return /^\/(?:dev\/(?:stderr|fd\/2)|proc\/self\/fd\/2)$/u.test(file) ? 'stderr' : null;
}

function wouldOverwrite(by: string, input: string): ProblemError {
  return usage(`${by} would overwrite ${input}, which this run reads`, {
    what: by,
    hint: 'choose another file',
  });
}

function usage(message: string, { what, hint }: { what: string; hint: string }): ProblemError {
  return new ProblemError(problem('usage', message, { where: { what }, hint }));
}
