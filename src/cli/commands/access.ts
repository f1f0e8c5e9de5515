import type { CanAnswer, DiffAnswer, WhoCanAnswer } from '../../access/index.js';
import { selectionOf } from '../../manifest/selection.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { askCan, askWhoCan, compareAccess } from '../../reconcile/answer-questions.js';
import type { AccessScope, ComparedSide } from '../../reconcile/answer-questions.js';
import { answerText } from '../../render/text/answer.js';
import { connect, withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { print } from '../../shell/deliver.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { readManifest, readSnapshotFile, sniff } from '../../shell/input.js';
import { json } from '../../shell/output.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';

interface AskFlags extends ConnectFlags {
  manifest: readonly string[];
  against?: string | undefined;
  format: 'text' | 'json';
}

export interface WhoCanFlags extends AskFlags {
  grant: string;
}

export interface CanFlags extends AskFlags {
  user: string;
  grant: string;
}

export interface DiffFlags extends ConnectFlags {
  a: string;
  b: string;
  only?: readonly string[] | undefined;
  without?: readonly string[] | undefined;
  format: 'text' | 'json';
}

/** `who-can GRANT`: who holds it, live, in a snapshot, or in the end state of a manifest. */
export async function whoCanCommand(flags: WhoCanFlags, world: Environment): Promise<Exit> {
  const found = await ask(flags, world, (scope) => askWhoCan(flags.grant, scope, world));
  await printAnswer(found, flags, world);
  return EXIT.done;
}

/** `can USER GRANT`: yes (0) or no (2), and by which role. */
export async function canCommand(flags: CanFlags, world: Environment): Promise<Exit> {
  const found = await ask(flags, world, (scope) => askCan(flags, scope, world));
  await printAnswer(found, flags, world);
  return found.answer ? EXIT.done : EXIT.changes;
}

/** `diff A B`: compares two states: `live`, a snapshot file, or a manifest resolved on the other side. */
export async function diffCommand(flags: DiffFlags, world: Environment): Promise<Exit> {
  const { only, without } = flags;
  // Check the selection before reading files.
  selectionOf({ only, without });
  const a = await sideOf(flags.a, world);
  const b = await sideOf(flags.b, world);
  const found = await compareAccess([a, b], () => connect(flags, world, 'read'), {
    ...world,
    only,
    without,
  });
  await printAnswer(found, flags, world);
  return found.equal ? EXIT.done : EXIT.changes;
}

async function sideOf(word: string, world: Environment): Promise<ComparedSide> {
  if (word === 'live') return { kind: 'live' };
  const kind = await sniff(word, world);
  if (kind === 'snapshot') return { kind, snapshot: await readSnapshotFile(word, world) };
  if (kind === 'manifest') return { kind, manifest: await readManifest([word], world) };
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
  world: Environment,
  question: (scope: AccessScope) => Promise<T>,
): Promise<T> {
  const given = flags.manifest.length > 0 ? { manifest: await readManifest(flags.manifest, world) } : {};
  if (flags.against !== undefined)
    return question({ source: await readSnapshotFile(flags.against, world), ...given });
  return withConnection({ flags, world, purpose: 'read' }, (source) => question({ source, ...given }));
}

async function printAnswer(
  found: WhoCanAnswer | CanAnswer | DiffAnswer,
  { format }: { format: 'text' | 'json' },
  world: Environment,
): Promise<void> {
  const colour = mayColour(world.stdout, world.env);
  await print(world, format === 'json' ? json(found) : answerText(found, { colour }));
}
