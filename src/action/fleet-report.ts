import type { FleetDocument } from '../fleet/document.js';
import type { PlaceOf } from '../render/ci/places.js';
import { errorGithub, problemsGithub } from '../render/ci/problems-github.js';
import { STATUS_TEXT, namesText, rowsByCause } from '../render/fleet/fleet-facts.js';
import { fleetMarkdown } from '../render/fleet/fleet-markdown.js';
import { escapeProse, fleetMarker } from '../render/markdown/escape.js';
import { cut, plural } from '../render/format/phrases.js';
import { relativeToRoot } from '../shell/repository.js';
import type { Environment } from '../shell/environment.js';
import type { Inputs } from './inputs.js';
import { MAX_LENGTH, MAX_LISTED, STOPPED_TITLES, isStopped, problemLine, stoppedReason } from './markdown.js';
import type { Step } from './step.js';

/** GitHub shows at most 10 annotations of each kind per step. */
const MAX_ANNOTATIONS = 10;

/** Maximum number of instance names in an annotation. */
const MAX_NAMES = 12;

/**
 * Returns the key that distinguishes the comment and the issue of a fleet from those of other fleets: the input `key`,
 * otherwise the path of the inventory relative to the root of the repository.
 */
export function fleetKey(
  { key, fleet }: Inputs,
  document: FleetDocument | null,
  environment: Environment,
): string {
  if (key !== null) return key;
  return relativeToRoot(environment)(fleet ?? document?.inventory.file ?? 'fleet.yaml');
}

/** Returns the thread (comment or issue) that a step writes to; null if it writes only the job summary. */
export function threadOf({ mode }: Inputs, document: FleetDocument | null): 'plan' | 'drift' | null {
  // A shard is only a part of the fleet: mode merge writes the thread for all shards.
  if (document?.selection.shard) return null;
  const command = document?.command ?? mode;
  return command === 'plan' || command === 'drift' ? command : null;
}

/** Renders a step over many instances as Markdown for the job summary, the comment and the issue. */
export function fleetStepMarkdown(
  step: Step,
  { inputs, keys, run }: { inputs: Inputs; keys: readonly string[]; run: string | null },
): string {
  const { fleet = null, byOwner } = step;
  const thread = threadOf(inputs, fleet);
  const body = fleet ? fleetMarkdown(fleet, { limit: MAX_LENGTH, byOwner }) : stoppedText(step, inputs);
  const page = step.page
    ? ` · [the page of the fleet](${run}#artifacts), if the workflow uploads it as an artifact`
    : '';
  const parts = [body, ...(run === null ? [] : [`<sub>[This run](${run})${page}</sub>`])];
  const marker = thread === null ? '' : `${fleetMarker(thread, keys)}\n`;
  return `${marker}${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

function stoppedText(step: Step, { mode }: Inputs): string {
  const { shown, more } = cut(step.problems.map(problemLine), MAX_LISTED);
  const title = `## Fleet ${mode}`;
  if (!isStopped(step)) {
    const verdict =
      step.problems.length === 0
        ? 'The inventory and all manifests are valid.'
        : `The inventory and all manifests are valid, with ${plural(step.problems.length, 'warning')}.`;
    return [title, '', '> [!TIP]', `> **${verdict}**`, '', ...shown].join('\n');
  }
  return [
    ...[title, '', '> [!CAUTION]'],
    `> **${STOPPED_TITLES[mode]}.** ${escapeProse(stoppedReason(step.exit))}`,
    '',
    ...shown,
    ...(more > 0 ? [`- and ${plural(more, 'more', 'more')}, in the log of the run`] : []),
  ].join('\n');
}

/** Returns what needs attention as workflow commands: each cause once, at its place in the repository if it has one. */
export function fleetAnnotations(document: FleetDocument, placeOf: PlaceOf): string {
  const rows = new Map(document.rows.map((row) => [row.instance, row]));
  const refusals = document.refusals.map(({ code, message }) => errorGithub(code, message));
  const causes = rowsByCause(document).map(({ status, cause, instances, nextStep }) => {
    const next = nextStep === '' ? '' : ` (next: ${nextStep})`;
    const message = `${STATUS_TEXT[status]} (${namesText(instances, MAX_NAMES)}): ${cause}${next}`;
    const placed = rows.get(instances[0] ?? '')?.problems.find(({ file }) => file !== null);
    if (!placed) return errorGithub('domo-roles', message);
    const { code, file, line, column } = placed;
    const at = { ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) };
    return problemsGithub(
      [{ code, severity: 'error', message, where: { file: file ?? '', ...at } }],
      placeOf,
    );
  });
  return [...refusals, ...causes].slice(0, MAX_ANNOTATIONS).join('');
}
