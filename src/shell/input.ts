import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Drift } from '../drift/drift.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Plan } from '../plan/plan.js';
import { ProblemError, problem, badFileError } from '../problem/problem.js';
import { noteInputs } from './ledger.js';
import { refuseDocument } from './sandbox-folder.js';
import { InvalidManifest } from '../reconcile/errors.js';
import {
  readManifest as loadManifestInput,
  readPolicy as loadPolicyInput,
} from '../reconcile/load-manifest.js';
import type { PolicyInput } from '../plan/saved/policy-over-plan.js';
import type { ManifestInput, ReadPolicyOptions } from '../reconcile/load-manifest.js';
import type { Environment } from './environment.js';
import { hintOfSystem, systemCodeOf } from '../problem/system-error.js';

/** Loads and checks a manifest, and records its files as inputs of this run. Raises `InvalidManifest`. */
export async function readManifest(
  paths: readonly string[],
  environment: Environment,
  { policy, sandbox = '' }: { policy?: string | undefined; sandbox?: string | undefined } = {},
): Promise<ManifestInput> {
  await refuseDocument(sandbox, environment, { flag: '--sandbox' });
  return notingInputs(environment, () => loadManifestInput(paths, environment.cwd, { policy }));
}

/** Reads a policy file to use without a manifest; undefined if none is named. */
export async function readPolicy(
  name: string | undefined,
  environment: Environment,
  options: ReadPolicyOptions = {},
): Promise<PolicyInput | undefined> {
  if (name === undefined) return undefined;
  const { overlay, origin } = await notingInputs(environment, () =>
    loadPolicyInput(name, environment.cwd, options),
  );
  return { overlay, origin };
}

async function notingInputs<T extends { inputs?: readonly string[] }>(
  environment: Environment,
  load: () => Promise<T>,
): Promise<T> {
  try {
    const loaded = await load();
    await noteInputs(environment, loaded.inputs ?? []);
    return loaded;
  } catch (error) {
    if (error instanceof InvalidManifest) await noteInputs(environment, error.inputs);
    throw error;
  }
}

/** Reads a saved plan. Raises `bad-file`, `plan-format`, `plan-tampered`. */
export async function readPlan(file: string, environment: Environment): Promise<Plan> {
  const { checkPlan } = await savedDocuments();
  return checkPlan(await readDocument(file, environment), file);
}

/** Reads a saved plan or drift document. */
export async function readPlanOrDrift(file: string, environment: Environment): Promise<Plan | Drift> {
  const { checkPlanOrDrift } = await savedDocuments();
  return checkPlanOrDrift(await readDocument(file, environment), file);
}

/** Loaded on demand: the compiled schemas of plans and drift are half a megabyte. */
const savedDocuments = () => import('../reconcile/saved-documents.js');

/** Reads a snapshot document, with the time at which it was taken. Raises `bad-file`. */
export async function readSnapshotFile(file: string, environment: Environment): Promise<Snapshot> {
  const { snapshotFromJson } = await import('../live/snapshot-file.js');
  const { snapshot, takenAt } = snapshotFromJson(await readTextFile(file, environment), { file });
  return { ...snapshot, takenAt };
}

/** The size limit of a document in bytes: ten times a plan of 100,000 moves. */
const LARGEST_DOCUMENT = 500_000_000;

/** Reads a domo-roles JSON document. Raises `bad-file`. */
export async function readDocument(file: string, environment: Environment): Promise<unknown> {
  const text = await readTextFile(file, environment);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ProblemError(
      problem('bad-file', 'the file is not JSON', {
        where: { file },
        hint: text.trimStart().startsWith('{')
          ? 'it may have been cut short; make it again'
          : 'use a JSON document that domo-roles wrote',
      }),
      { cause },
    );
  }
}

/** Reads a text file up to the size limit, without a byte order mark. Raises `bad-file`. */
export async function readTextFile(file: string, environment: Environment): Promise<string> {
  const path = resolve(environment.cwd, file);
  try {
    const info = await stat(path);
    if (!info.isFile()) throw badFileError('it is not a file', { file });
    if (info.size > LARGEST_DOCUMENT) throw badFileError('it is too large', { file });
    await noteInputs(environment, [file]);
    const bytes = await readFile(path);
    if (!isUtf8(bytes)) throw badFileError('the file is not UTF-8 text', { file, hint: 'save it as UTF-8' });
    return withoutMark(bytes.toString('utf8'));
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    const code = systemCodeOf(cause);
    throw badFileError(
      code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'unknown'})`,
      { file, hint: hintOfSystem(cause) },
    );
  }
}

/** The text without its byte order mark, which Windows writes and `JSON.parse` rejects. */
export function withoutMark(text: string): string {
  return text.replace(/^\u{feff}/u, '');
}

/** The kind of a file, detected from its content. */
type FileKind = 'manifest' | 'plan' | 'drift' | 'snapshot' | 'other-document';

/** Distinguishes domo-roles documents from manifests by content. Folders and missing files are left to the manifest reader. */
export async function detectFileKind(file: string, environment: Environment): Promise<FileKind> {
  const path = resolve(environment.cwd, file);
  const info = await stat(path).catch(() => null);
  if (!info?.isFile() || info.size > LARGEST_DOCUMENT) return 'manifest';
  const text = withoutMark(await readFile(path, 'utf8').catch(() => ''));
  if (!text.trimStart().startsWith('{')) return 'manifest';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A truncated document must not be reported as an invalid manifest.
    return /"formatVersion"\s*:/u.test(text) ? 'other-document' : 'manifest';
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'formatVersion'))
    return 'manifest';
  const kind = (value as { kind?: unknown }).kind;
  return kind === 'plan' || kind === 'drift' || kind === 'snapshot' ? kind : 'other-document';
}
