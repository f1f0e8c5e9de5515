import type { Outcome } from '../apply/outcome.js';
import type { Refusal } from '../plan/plan.js';
import { codeSpan, planMarker, escapeProse } from '../render/markdown/escape.js';
import { planMarkdown } from '../render/markdown/plan.js';
import type { ProblemDocument } from '../render/ci/problems-json.js';
import { acceptedText } from '../render/facts/accepted.js';
import { clip, cut, plural } from '../render/format/phrases.js';
import type { Inputs } from './inputs.js';
import type { Step } from './step.js';

/** What GitHub takes as one comment, less what is put around a report. */
export const ROOM = 64_000;

/** Problems, refusals or changes that one list names. */
export const MOST = 30;

/** The subject of a report without a document. */
export interface ReportContext {
  inputs: Inputs;
  /** Null where unknown. */
  instance: string | null;
  /** What sets this manifest apart from others for the same instance. */
  keys: readonly string[];
  /** The address of this run; null outside of one. */
  run: string | null;
  /** Who started it; null outside of a run. */
  actor: string | null;
}

/** A step as Markdown for the job summary, and for the comment of a plan. */
export function stepMarkdown(step: Step, about: ReportContext): string {
  const parts = [
    ...(step.outcome ? [outcomeMarkdown(step.outcome, about)] : []),
    ...(step.document && (!isStopped(step) || step.document.kind === 'drift')
      ? [documentMarkdown(step.document, step, about)]
      : []),
    ...(isStopped(step) ? [stoppedMarkdown(step, about)] : []),
    ...(about.inputs.mode === 'validate' && !isStopped(step) ? [validMarkdown(step)] : []),
    ...(about.run === null ? [] : [`<sub>[This run](${about.run})</sub>`]),
  ];
  return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

function documentMarkdown(
  document: NonNullable<Step['document']>,
  { outcome }: Step,
  { inputs: { groupBy }, keys }: ReportContext,
): string {
  const maxLength = outcome ? ROOM - 12_000 : ROOM;
  return planMarkdown(document, { keys, maxLength, ...(groupBy === null ? {} : { groupBy }) });
}

/** Did it come to no result at all? */
export function isStopped({ exit, document, outcome, problems }: Step): boolean {
  if (problems.some(({ severity }) => severity === 'error')) return true;
  return exit !== 0 && document === null && outcome === null;
}

export const MEANS: Readonly<Record<Inputs['mode'], string>> = {
  validate: 'Not valid',
  plan: 'No plan',
  apply: 'Not applied',
  drift: 'Drift could not be looked for',
  merge: 'Not merged',
};

export const WHY: Readonly<Record<number, string>> = {
  1: 'An error stopped it, and nothing was written.',
  3: 'The manifest is invalid, or names something that the instance does not have.',
  4: 'It was refused, and nothing was written.',
};

function stoppedMarkdown(
  { exit, problems, refusals }: Step,
  { inputs, instance, keys }: ReportContext,
): string {
  const title = `Roles${instance === null ? '' : ` of ${codeSpan(instance)}`}`;
  const marker =
    inputs.mode === 'plan' && instance !== null ? [planMarker({ kind: 'plan', instance, keys })] : [];
  const items = refusals.length > 0 ? refusals.map(refusalLine) : problems.map(problemLine);
  const { shown, more } = cut(items, MOST);
  return [
    ...marker,
    `## ${title}`,
    '',
    '> [!CAUTION]',
    `> **${MEANS[inputs.mode]}.** ${WHY[exit] ?? 'See the log of the run.'}`,
    '',
    ...shown,
    ...(more > 0 ? [`- and ${plural(more, 'more', 'more')}, in the log of the run`] : []),
  ].join('\n');
}

export function problemLine({ code, message, file, line, column, hint }: ProblemDocument): string {
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
    ...(more > 0 ? [`  - and ${plural(more, 'more', 'more')}`] : []),
    ...(flag === null ? [] : [`  - for one run: ${codeSpan(flag)}`]),
    ...(hint === null ? [] : [`  - hint: ${escapeProse(clip(hint, 300))}`]),
  ].join('\n');
}

function outcomeMarkdown(outcome: Outcome, { actor }: ReportContext): string {
  const { summary } = outcome;
  const good = summary.done + summary.already === summary.changes;
  const verb = outcome.dryRun ? 'Rehearsed for' : 'Applied to';
  const bad = outcome.changes.filter(({ status }) => status !== 'done' && status !== 'already');
  const { shown, more } = cut(bad, MOST);
  const sentence =
    summary.changes === 0
      ? 'There was nothing to do.'
      : `${plural(summary.done, 'change')} done, ${summary.already} there already, ${summary.failed} failed, ${summary.skipped} skipped, ${summary.unknown} unknown.`;
  return [
    `## ${verb} ${codeSpan(outcome.instance)}`,
    '',
    `> [!${good ? 'TIP' : 'CAUTION'}]`,
    `> **${good ? 'All is as planned' : 'Not all is as planned'}.** ${sentence}`,
    ...allowedLines(outcome, actor),
    ...(shown.length === 0 ? [] : ['']),
    ...shown.map(
      ({ id, status, reason }) =>
        `- ${codeSpan(id)} ${status}${reason === null ? '' : `: ${escapeProse(clip(reason, 200))}`}`,
    ),
    ...(more > 0 ? [`- and ${plural(more, 'more', 'more')}`] : []),
  ].join('\n');
}

function allowedLines(
  { allowed, missingPeople, accepted, warnings }: Outcome,
  actor: string | null,
): string[] {
  const who = actor === null ? '' : ` by ${codeSpan(actor)}`;
  const { shown, more } = cut(missingPeople, MOST);
  const rest = more > 0 ? ` and ${plural(more, 'more', 'more')}` : '';
  return [
    ...allowed.map(
      ({ code, reason }) =>
        `> Let pass in this run: ${codeSpan(code)}${who}${reason === null ? ', without a reason' : `, because: ${escapeProse(reason)}`}`,
    ),
    ...(missingPeople.length > 0
      ? [`> Left out, not on the instance: ${shown.map((one) => codeSpan(one)).join(', ')}${rest}`]
      : []),
    ...(accepted.length > 0
      ? [
          `> Left alone as accepted drift: ${cut(
            accepted.map((one) => escapeProse(acceptedText(one))),
            MOST,
          ).shown.join('; ')}`,
        ]
      : []),
    ...(warnings.length > 0
      ? [
          `> Warnings: ${cut(
            warnings.map(({ message }) => escapeProse(message)),
            MOST,
          ).shown.join('; ')}`,
        ]
      : []),
  ].flatMap((line) => ['>', line]);
}

function validMarkdown({ problems }: Step): string {
  const { shown, more } = cut(problems.map(problemLine), MOST);
  const verdict =
    problems.length === 0
      ? 'The manifest is valid.'
      : `The manifest is valid, with ${plural(problems.length, 'warning')}.`;
  return [
    '## Roles',
    '',
    '> [!TIP]',
    `> **${verdict}**`,
    '',
    ...shown,
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
}
