import { basename, resolve, sep } from 'node:path';
import { usageError, type ProblemError } from '../problem/problem.js';
import { fileIdentity } from './file-identity.js';

/** The inputs and outputs of a run: no output may overwrite an input or another output, and no failure may go unnoticed. */
export interface Ledger {
  /** A write was sent to the instance. */
  sent: boolean;
  /** A requested output could not be written. */
  incomplete: boolean;
  /** Something was printed on stdout, which may contain at most one result. */
  printed: boolean;
  /** The result is JSON: stdout takes its document and no other output. */
  json: boolean;
  /** Input files by identity, with their path in messages. */
  readonly inputs: Map<string, string>;
  /** Output files by identity, with the flag or command that writes them. */
  readonly outputs: Map<string, string>;
  /** The absolute paths of outputs, with the flag or command that writes them. */
  readonly paths: Map<string, string>;
}

/** The working directory and the ledger. */
interface Place {
  cwd: string;
  ledger: Ledger;
}

/** An output before it is written. */
interface PlannedOutput {
  /** The flag or command that writes it, such as `--out` or `--report markdown`. */
  by: string;
  file: string;
}

/** Opens an empty ledger. */
export function openLedger(): Ledger {
  const files = { inputs: new Map(), outputs: new Map(), paths: new Map() };
  return { sent: false, incomplete: false, printed: false, json: false, ...files };
}

/** Records input files. Raises `usage` if one is also an output. */
export async function noteInputs({ cwd, ledger }: Place, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const identity = await fileIdentity(resolve(cwd, file));
    if (identity === null) continue;
    ledger.inputs.set(identity, file);
    const by = ledger.outputs.get(identity);
    if (by !== undefined) throw wouldOverwrite(by, file);
  }
}

/**
 * Records output files. Raises `usage` for `-`, for a folder such as `reports/`, and if one is also an input or another
 * output, stdout with JSON included.
 */
export async function planOutputs({ cwd, ledger }: Place, outputs: readonly PlannedOutput[]): Promise<void> {
  for (const { by, file } of outputs) {
    const stream = streamOf(file);
    if (stream === 'stdout' && ledger.json)
      throw usageError(`${by} would write to stdout, which takes the one document of --format json`, {
        what: by,
        hint: `choose a file, or leave out --format json or ${by}`,
      });
    if (stream !== null) continue;
    // Elsewhere it stands for stdout, which has the result already.
    if (file === '-')
      throw usageError(`${by} takes the path of a file, and "-" is none`, {
        what: by,
        hint: 'the result goes to stdout without it; --format chooses its form, and ./- is a file of that name',
      });
    if (isFolderPath(file))
      throw usageError(`${by} takes the path of a file, and ${file} is a folder`, {
        what: by,
        hint: 'name a file in it; a path that ends with a slash, . or .. is a folder',
      });
    const identity = await fileIdentity(resolve(cwd, file));
    if (identity === null) continue;
    const input = ledger.inputs.get(identity);
    if (input !== undefined) throw wouldOverwrite(by, input);
    const other = ledger.outputs.get(identity);
    if (other !== undefined) {
      throw usageError(`${other} and ${by} would both write ${file}`, {
        what: by,
        hint: 'write each output to its own file',
      });
    }
    ledger.outputs.set(identity, by);
    ledger.paths.set(resolve(cwd, file), by);
  }
}

/** Can a path only be a folder? Without its end, it would be the path of a file in the place of the folder. */
function isFolderPath(path: string): boolean {
  return path.endsWith('/') || path.endsWith(sep) || ['.', '..'].includes(basename(path));
}

/** The stream of this process that a path names; null for any other path. */
export function streamOf(file: string): 'stdout' | 'stderr' | null {
  if (/^\/(?:dev\/(?:stdout|fd\/1)|proc\/self\/fd\/1)$/u.test(file)) return 'stdout';
  return /^\/(?:dev\/(?:stderr|fd\/2)|proc\/self\/fd\/2)$/u.test(file) ? 'stderr' : null;
}

function wouldOverwrite(by: string, input: string): ProblemError {
  return usageError(`${by} would overwrite ${input}, which this run reads`, {
    what: by,
    hint: 'choose another file',
  });
}
