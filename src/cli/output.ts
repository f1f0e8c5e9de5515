import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Snapshot } from '../model/snapshot.js';
import type { Drift } from '../plan/drift.js';
import type { Plan, Refusal } from '../plan/plan.js';
import type { PlaceOf } from '../render/places.js';
import { toldProblem } from '../render/problems-json.js';
import { problemsText } from '../render/problems-text.js';
import { ProblemError, problem } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import { mayColour, write } from './world.js';
import type { World } from './world.js';

/** Forms in which a plan or drift can be told. */
export const PLAN_FORMATS = ['text', 'json', 'markdown', 'html', 'junit', 'sarif', 'github'] as const;

export type PlanFormat = (typeof PLAN_FORMATS)[number];

/** Names that a list of people shows in text when nothing else is said. */
const NAMES_SHOWN = 10;

/** How a plan is told. */
export interface TellOptions {
  colour: boolean;
  limit?: number | undefined;
  verbose?: boolean | undefined;
  width?: number | undefined;
  /** Gives files as the repository knows them, for annotations and SARIF. */
  placeOf?: PlaceOf | undefined;
  /** Shows in HTML what every role holds, not only the changed ones. */
  snapshot?: Snapshot | undefined;
}

/** One JSON document as text. */
export function json(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Tells a plan or drift document in any form. Forms are loaded when they are used. */
export async function tellPlan(
  document: Plan | Drift,
  format: PlanFormat,
  options: TellOptions,
): Promise<string> {
  const limit = options.limit === undefined ? {} : { limit: options.limit };
  switch (format) {
    case 'json':
      return json(document);
    case 'text':
      return (await import('../render/plan-text.js')).planText(document, {
        colour: options.colour,
        limit: options.limit ?? NAMES_SHOWN,
        ...(options.verbose ? { verbose: true } : {}),
        ...(options.width === undefined ? {} : { width: options.width }),
      });
    case 'markdown':
      return (await import('../render/plan-markdown.js')).planMarkdown(document, limit);
    case 'html':
      return (await import('../render/plan-html.js')).planHtml(
        document,
        options.snapshot ? { snapshot: options.snapshot } : {},
      );
    case 'junit':
      return (await import('../render/plan-junit.js')).planJunit(document);
    case 'sarif':
      return (await import('../render/plan-sarif.js')).planSarif(document, options.placeOf);
    case 'github':
      return (await import('../render/plan-github.js')).planGithub(document, options.placeOf);
  }
}

/** A report beside the result: `markdown=plan.md`. */
export interface Report {
  format: PlanFormat;
  file: string;
}

/** Reads `FORMAT=FILE`. Raises `usage`. */
export function parseReports(words: readonly string[]): Report[] {
  return words.map((word) => {
    const at = word.indexOf('=');
    const format = word.slice(0, at);
    const file = word.slice(at + 1);
    const known = PLAN_FORMATS.find((one) => one === format);
    if (at < 1 || !known || file === '') {
      throw new ProblemError(
        problem('usage', '--report takes FORMAT=FILE', {
          where: { what: '--report' },
          hint: `formats are ${PLAN_FORMATS.join(', ')}`,
        }),
      );
    }
    return { format: known, file };
  });
}

/** Writes a file that a run leaves, private to its owner: plans and exports name people. */
export async function writePrivate(world: World, file: string, text: string): Promise<void> {
  await writeText(world, file, { text, mode: 0o600 });
}

/** Writes a file that is meant for the repository. */
export async function writeShared(world: World, file: string, text: string): Promise<void> {
  await writeText(world, file, { text, mode: 0o644 });
}

async function writeText(
  world: World,
  file: string,
  { text, mode }: { text: string; mode: number },
): Promise<void> {
  const path = resolve(world.cwd, file);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode });
  } catch (cause) {
    throw new ProblemError(
      problem(
        'bad-file',
        `the file cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`,
        { where: { file } },
      ),
      { cause },
    );
  }
}

/** The error document: why a command stopped. */
export function errorDocument(problems: readonly Problem[], refusals: readonly Refusal[] = []): unknown {
  return { formatVersion: 1, kind: 'error', problems: problems.map(toldProblem), refusals };
}

/** Tells problems to a person on stderr. */
export async function tellProblems(
  world: World,
  problems: readonly Problem[],
  sources: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  if (problems.length === 0) return;
  await write(world.stderr, problemsText(problems, { sources, colour: mayColour(world.stderr, world.env) }));
}
