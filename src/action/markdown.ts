import type { Outcome } from '../apply/outcome.js';
import { isCompleted } from '../journal/entry.js';
import type { Refusal } from '../plan/plan.js';
import { codeSpan, planMarker, escapeProse } from '../render/markdown/escape.js';
import { planMarkdown } from '../render/markdown/plan.js';
import type { ProblemDocument } from '../render/ci/problems-json.js';
import { acceptedText } from '../render/facts/accepted.js';
import { andMore, clip, cut, plural } from '../render/format/phrases.js';
import { EXIT } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import { shownDocument } from './input-names.js';
import type { Inputs } from './inputs.js';
import type { Step } from './step.js';

/** Characters of a report: the limit of a GitHub comment, minus the text around the report. */
export const MAX_LENGTH = 64_000;

/** Maximum number of problems, refusals or changes in one list. */
const MAX_LISTED = 30;

/** Characters reserved for the outcome of an apply, in addition to its plan. */
const OUTCOME_LENGTH = 12_000;

/** The context of a report, other than the step itself. */
interface ReportContext {
  inputs: Inputs;
  /** Null if unknown. */
  instance: string | null;
  /** Distinguishes this manifest from others of the same instance. */
  keys: readonly string[];
  /** URL of this run; null outside of a workflow run. */
  run: string | null;
  /** The user who started the run; null outside of a workflow run. */
  actor: string | null;
}

/** Renders a step as Markdown for the job summary, and for the comment of a plan. */
export function stepMarkdown(step: Step, about: ReportContext): string {
  const parts = [
    ...(step.outcome ? [outcomeMarkdown(step.outcome, about)] : []),
    ...(step.document && (!isStopped(step) || step.document.kind === 'drift')
      ? [documentMarkdown(step.document, step, about)]
      : []),
    ...(isStopped(step) ? [stoppedOnInstance(step, about)] : []),
    ...(about.inputs.mode === 'validate' && !isStopped(step)
      ? [validMarkdown(step, { title: 'Roles', subject: 'The manifest is' })]
      : []),
    ...(about.run === null ? [] : [`<sub>[This run](${about.run})</sub>`]),
  ];
  return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

function documentMarkdown(
  document: NonNullable<Step['document']>,
  { outcome }: Step,
  { inputs: { groupBy }, keys }: ReportContext,
): string {
  const maxLength = outcome ? MAX_LENGTH - OUTCOME_LENGTH : MAX_LENGTH;
  return planMarkdown(shownDocument(document), { keys, maxLength, ...(groupBy === null ? {} : { groupBy }) });
}

/** Did the step end without a result? */
export function isStopped({ exit, document, outcome, problems }: Step): boolean {
  if (problems.some(({ severity }) => severity === 'error')) return true;
  return exit !== EXIT.done && document === null && outcome === null;
}

/** The verdict on a step without a result, by mode. */
const STOPPED_VERDICTS: Readonly<Record<Inputs['mode'], string>> = {
  validate: 'Not valid',
  plan: 'No plan',
  apply: 'Not applied',
  drift: 'Drift not checked',
  merge: 'Not merged',
};

/** Why a step has no result, by exit code. */
const STOPPED_REASONS: ReadonlyMap<Exit, string> = new Map([
  [EXIT.failed, 'An error stopped it. Nothing was written.'],
  [EXIT.manifest, 'The manifest is invalid, or names something that the instance does not have.'],
  [EXIT.refused, 'It was refused. Nothing was written.'],
]);

function stoppedOnInstance(step: Step, { inputs: { mode }, instance, keys }: ReportContext): string {
  const text = stoppedMarkdown(step, {
    title: `Roles${instance === null ? '' : ` of ${codeSpan(instance)}`}`,
    mode,
  });
  return mode === 'plan' && instance !== null
    ? `${planMarker({ kind: 'plan', instance, keys })}\n${text}`
    : text;
}

/** Renders a step without a result: why it has none, and its refusals or problems. */
export function stoppedMarkdown(
  { exit, problems, refusals }: Step,
  { title, mode }: { title: string; mode: Inputs['mode'] },
): string {
  return [
    `## ${title}`,
    '',
    '> [!CAUTION]',
    `> **${STOPPED_VERDICTS[mode]}.** ${STOPPED_REASONS.get(exit) ?? 'See the log of the run.'}`,
    '',
    ...loggedList(refusals.length > 0 ? refusals.map(refusalLine) : problems.map(problemLine)),
  ].join('\n');
}

/** Renders a validation without errors. `subject` begins its verdict: `The manifest is`. */
export function validMarkdown(
  { problems }: Step,
  { title, subject }: { title: string; subject: string },
): string {
  const warnings = problems.length === 0 ? '' : `, with ${plural(problems.length, 'warning')}`;
  return [
    `## ${title}`,
    '',
    '> [!TIP]',
    `> **${subject} valid${warnings}.**`,
    '',
    ...loggedList(problems.map(problemLine)),
  ].join('\n');
}

/** The first items of a list, and the number of the others: the log has all of them. */
function loggedList(items: readonly string[]): string[] {
  const { shown, more } = cut(items, MAX_LISTED);
  return [...shown, ...(more > 0 ? [`-${andMore(more)}, in the log of the run`] : [])];
}

/** Renders a problem as one item of a list. */
function problemLine({ code, message, file, line, column, hint }: ProblemDocument): string {
  const place = [file, line, column].filter((part) => part !== null).join(':');
  return [
    `- ${codeSpan(code)}`,
    ...(place === '' ? [] : [codeSpan(place)]),
    escapeProse(clip(message, 400)),
    ...(hint === null ? [] : [`— hint: ${escapeProse(clip(hint, 300))}`]),
  ].join(' ');
}

function refusalLine({ code, message, items, flag, hint }: Refusal): string {
  const { shown, more } = cut(items, 5);
  return [
    `- ${codeSpan(code)} ${escapeProse(clip(message, 300))}`,
    ...shown.map((item) => `  - ${escapeProse(clip(item, 120))}`),
    ...(more > 0 ? [`  -${andMore(more)}`] : []),
    ...(flag === null ? [] : [`  - to allow it in one run: ${codeSpan(flag)}`]),
    ...(hint === null ? [] : [`  - hint: ${escapeProse(clip(hint, 300))}`]),
  ].join('\n');
}

function outcomeMarkdown(outcome: Outcome, { actor }: ReportContext): string {
  const { summary } = outcome;
  const isComplete = summary.done + summary.already === summary.changes;
  const verb = outcome.dryRun ? 'Rehearsed for' : 'Applied to';
  const incomplete = outcome.changes.filter(({ status }) => !isCompleted(status));
  const { shown, more } = cut(incomplete, MAX_LISTED);
  const sentence =
    summary.changes === 0
      ? 'There was nothing to do.'
      : `${plural(summary.done, 'change')} done, ${summary.already} already in place, ${summary.failed} failed, ${summary.skipped} skipped, ${summary.unknown} unknown.`;
  return [
    `## ${verb} ${codeSpan(outcome.instance)}`,
    '',
    `> [!${isComplete ? 'TIP' : 'CAUTION'}]`,
    `> **${isComplete ? 'All changes are in place' : 'Not all changes are in place'}.** ${sentence}`,
    ...noteLines(outcome, actor),
    ...(shown.length === 0 ? [] : ['']),
    ...shown.map(
      ({ id, status, reason }) =>
        `- ${codeSpan(id)} ${status}${reason === null ? '' : `: ${escapeProse(clip(reason, 200))}`}`,
    ),
    ...(more > 0 ? [`-${andMore(more)}`] : []),
  ].join('\n');
}

/** Lines about allowed guards, people who are left out, accepted drift and warnings. */
function noteLines({ allowed, missingPeople, accepted, warnings }: Outcome, actor: string | null): string[] {
  const who = actor === null ? '' : ` by ${codeSpan(actor)}`;
  const { shown, more } = cut(missingPeople, MAX_LISTED);
  return [
    ...allowed.map(
      ({ code, reason }) =>
        `> Allowed in this run: ${codeSpan(code)}${who}, ${reason === null ? 'no reason was given' : `reason: ${escapeProse(reason)}`}`,
    ),
    ...(missingPeople.length > 0
      ? [`> Not on the instance, left out: ${shown.map((one) => codeSpan(one)).join(', ')}${andMore(more)}`]
      : []),
    ...(accepted.length > 0
      ? [`> Accepted drift, left alone: ${firstOf(accepted.map((one) => escapeProse(acceptedText(one))))}`]
      : []),
    ...(warnings.length > 0
      ? [`> Warnings: ${firstOf(warnings.map(({ message }) => escapeProse(message)))}`]
      : []),
  ].flatMap((line) => ['>', line]);
}

function firstOf(texts: readonly string[]): string {
  const { shown, more } = cut(texts, MAX_LISTED);
  return `${shown.join('; ')}${andMore(more)}`;
}
