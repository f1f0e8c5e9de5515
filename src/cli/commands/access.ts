import type { CanAnswer, DiffAnswer, WhoCanAnswer } from '../../access/index.js';
import { selectionOf } from '../../manifest/selection.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { askCan, askWhoCan, compareAccess, readsInstance } from '../../reconcile/answer-questions.js';
import type { AccessScope, ComparedSide } from '../../reconcile/answer-questions.js';
import { answerText } from '../../render/text/answer.js';
import { connect, withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { printResult } from '../../shell/deliver.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import type { ResultFormat } from '../../shell/formats.js';
import { readManifest, readSnapshotFile, detectFileKind } from '../../shell/input.js';
import { refuseConnection, refuseConnectionFlags } from '../../shell/unused-flags.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';

interface AskFlags extends ConnectFlags {
  manifest: readonly string[];
  against?: string | undefined;
  format: ResultFormat;
}

interface WhoCanFlags extends AskFlags {
  grant: string;
}

interface CanFlags extends AskFlags {
  user: string;
  grant: string;
}

interface DiffFlags extends ConnectFlags {
  a: string;
  b: string;
  only?: readonly string[] | undefined;
  without?: readonly string[] | undefined;
  format: ResultFormat;
}

/** `who-can GRANT`: who holds it, live, in a snapshot, or in the end state of a manifest. */
export async function whoCanCommand(flags: WhoCanFlags, environment: Environment): Promise<Exit> {
  const found = await ask(flags, environment, (scope) => askWhoCan(flags.grant, scope, environment));
  await printAnswer(found, flags, environment);
  return EXIT.done;
}

/** `can USER GRANT`: yes (0) or no (2), and by which role. */
export async function canCommand(flags: CanFlags, environment: Environment): Promise<Exit> {
  const found = await ask(flags, environment, (scope) => askCan(flags, scope, environment));
  await printAnswer(found, flags, environment);
  return found.answer ? EXIT.done : EXIT.changes;
}

/** `diff A B`: compares two states: `live`, a snapshot file, or a manifest resolved on the other side. */
export async function diffCommand(flags: DiffFlags, environment: Environment): Promise<Exit> {
  const { only, without } = flags;
  // Check the selection before reading files.
  selectionOf({ only, without });
  const a = await sideOf(flags.a, environment);
  const b = await sideOf(flags.b, environment);
  if (!readsInstance([a, b]))
    refuseConnection(flags, (flag) => ({
      message: `${flag} has no effect on a diff with a snapshot, which reads no instance`,
      hint: `leave out ${flag}, or write live in place of the snapshot`,
    }));
  const found = await compareAccess([a, b], () => connect(flags, environment, 'read'), {
    ...environment,
    only,
    without,
  });
  await printAnswer(found, flags, environment);
  return found.equal ? EXIT.done : EXIT.changes;
}

async function sideOf(word: string, environment: Environment): Promise<ComparedSide> {
  if (word === 'live') return { kind: 'live' };
  const kind = await detectFileKind(word, environment);
  if (kind === 'snapshot') return { kind, snapshot: await readSnapshotFile(word, environment) };
  if (kind === 'manifest') return { kind, manifest: await readManifest([word], environment) };
  throw new ProblemError(
    problem('bad-file', 'this is neither a manifest nor a snapshot', {
      where: { file: word },
      hint: 'export --format snapshot writes one',
    }),
  );
}

/** Queries a snapshot file or else the instance; with a manifest, its end state. */
async function ask<T>(
  flags: AskFlags,
  environment: Environment,
  question: (scope: AccessScope) => Promise<T>,
): Promise<T> {
  if (flags.against !== undefined) refuseConnectionFlags(flags, '--against');
  const given =
    flags.manifest.length > 0 ? { manifest: await readManifest(flags.manifest, environment) } : {};
  if (flags.against !== undefined)
    return question({ source: await readSnapshotFile(flags.against, environment), ...given });
  return withConnection({ flags, environment, purpose: 'read' }, (source) => question({ source, ...given }));
}

async function printAnswer(
  found: WhoCanAnswer | CanAnswer | DiffAnswer,
  { format }: { format: ResultFormat },
  environment: Environment,
): Promise<void> {
  const colour = mayColour(environment.stdout, environment.env);
  await printResult(environment, format, { text: () => answerText(found, { colour }), document: found });
}
