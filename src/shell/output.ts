import { jsonText } from '../model/json-text.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Drift } from '../drift/drift.js';
import type { PolicyFile } from '../model/policy-overlay.js';
import type { Plan, Refusal } from '../plan/plan.js';
import type { PlaceOf } from '../render/ci/places.js';
import type { Grouping } from '../render/facts/owners.js';
import { problemDocument } from '../render/ci/problems-json.js';
import { problemsText } from '../render/text/problems.js';
import type { Problem } from '../problem/problem.js';
import { PRIVATE, deliver, deliverRendered, printRendered, writeOutput } from './deliver.js';
import type { PlanFormat } from './formats.js';
import type { Report } from './reports.js';
import { planOutputs } from './ledger.js';
import { appearanceOf, mayColour, write } from './environment.js';
import type { Environment } from './environment.js';

/** Default number of names that a list of people shows in text. */
const NAMES_SHOWN = 10;

/** Options of rendering a plan. */
interface RenderOptions {
  colour: boolean;
  limit?: number | undefined;
  verbose?: boolean | undefined;
  width?: number | undefined;
  /** Resolves files to repository paths, for annotations and SARIF. */
  placeOf?: PlaceOf | undefined;
  /** The snapshot, to show the grants of every role in HTML, not only of changed ones. */
  snapshot?: Snapshot | undefined;
  /** Groups roles by owner in text, Markdown and HTML. */
  groupBy?: Grouping | undefined;
}

/** Renders a plan or drift document in any format. Renderers are loaded on first use. */
export async function renderPlan(
  document: Plan | Drift,
  format: PlanFormat,
  options: RenderOptions,
): Promise<string> {
  const groupBy = options.groupBy === undefined ? {} : { groupBy: options.groupBy };
  const common = { ...groupBy, ...(options.limit === undefined ? {} : { limit: options.limit }) };
  switch (format) {
    case 'json':
      return jsonText(document);
    case 'text':
      return (await import('../render/text/plan.js')).planText(document, {
        colour: options.colour,
        ...groupBy,
        limit: options.limit ?? NAMES_SHOWN,
        ...(options.verbose ? { verbose: true } : {}),
        ...(options.width === undefined ? {} : { width: options.width }),
      });
    case 'markdown':
      return (await import('../render/markdown/plan.js')).planMarkdown(document, common);
    case 'html':
      return (await import('../render/html/plan.js')).planHtml(document, {
        ...groupBy,
        ...(options.snapshot ? { snapshot: options.snapshot } : {}),
      });
    case 'junit':
      return (await import('../render/ci/plan-junit.js')).planJunit(document);
    case 'sarif':
      return (await import('../render/ci/plan-sarif.js')).planSarif(document, options.placeOf);
    case 'github':
      return (await import('../render/ci/plan-github.js')).planGithub(document, options.placeOf);
  }
}

/** Writes a file that only its owner can read, because plans and exports name people. Raises `bad-file`. */
export async function writePrivate(environment: Environment, file: string, text: string): Promise<void> {
  await writeOutput(environment, { file, text, mode: PRIVATE });
}

/** The output files of a document, in addition to stdout. */
export interface DocumentOutputs {
  out?: string | undefined;
  reports: readonly Report<PlanFormat>[];
}

/** Checks the output files of a document. Raises `usage` if one is an input or another output. */
export async function planDocument(
  environment: Environment,
  { out, reports }: DocumentOutputs,
): Promise<void> {
  await planOutputs(environment, [
    ...(out === undefined ? [] : [{ by: '--out', file: out }]),
    ...reports.map(({ format, file }) => ({ by: `--report ${format}`, file })),
  ]);
}

/** Writes a document in all requested formats. Files come first, so that a closed pipe cannot prevent them. */
export async function deliverDocument(
  document: Plan | Drift,
  { out, reports, format }: DocumentOutputs & { format: PlanFormat },
  { environment, ...options }: Omit<RenderOptions, 'colour'> & { environment: Environment },
): Promise<void> {
  await deliverFiles(document, { out, reports }, { environment, ...options });
  const appearance = appearanceOf(environment.stdout, environment.env);
  await printRendered(environment, () => renderPlan(document, format, { ...options, ...appearance }));
}

/** Writes a document to the requested files. A failed write is reported, not raised. */
export async function deliverFiles(
  document: Plan | Drift,
  { out, reports }: DocumentOutputs,
  { environment, ...options }: Omit<RenderOptions, 'colour'> & { environment: Environment },
): Promise<void> {
  if (out !== undefined) await deliver(environment, { file: out, text: jsonText(document), mode: PRIVATE });
  for (const report of reports) {
    const file = { file: report.file, mode: PRIVATE };
    await deliverRendered(environment, file, () =>
      renderPlan(document, report.format, { ...options, colour: false }),
    );
  }
}

/** The document that reports why a command stopped. */
export function errorDocument(
  problems: readonly Problem[],
  refusals: readonly Refusal[],
  policyFile: PolicyFile | null,
): unknown {
  const document = { formatVersion: 1, kind: 'error', problems: problems.map(problemDocument), refusals };
  return policyFile ? { ...document, policyFile } : document;
}

/** Prints problems on stderr. */
export async function printProblems(
  environment: Environment,
  problems: readonly Problem[],
  sources: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  if (problems.length === 0) return;
  const text = problemsText(problems, { sources, colour: mayColour(environment.stderr, environment.env) });
  await write(environment.stderr, text).catch(() => undefined);
}
