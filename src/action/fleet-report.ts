import type { FleetDocument } from '../fleet/document.js';
import type { PlaceOf } from '../render/ci/places.js';
import { errorGithub, problemsGithub } from '../render/ci/problems-github.js';
import { STATUS_TEXT, namesText, troublesOf } from '../render/fleet/fleet-facts.js';
import { fleetMarkdown } from '../render/fleet/fleet-markdown.js';
import { escapeProse, fleetMarker } from '../render/markdown/escape.js';
import { cut, plural } from '../render/format/phrases.js';
import { namedFromRoot } from '../shell/repository.js';
import type { Environment } from '../shell/environment.js';
import type { Inputs } from './inputs.js';
import { MEANS, MOST, ROOM, WHY, isStopped, problemLine } from './markdown.js';
import type { Step } from './step.js';

/** GitHub shows no more annotations of one kind and step. */
const MOST_ANNOTATIONS = 10;

/** Names that an annotation has. */
const NAMES_SHOWN = 12;

/**
 * What sets the comment and the issue of a fleet apart from those of others: the input `key`, else the inventory from the
 * top of the repository.
 */
export function fleetKey(
  { key, fleet }: Inputs,
  document: FleetDocument | null,
  environment: Environment,
): string {
  if (key !== null) return key;
  return namedFromRoot(environment)(fleet ?? document?.inventory.file ?? 'fleet.yaml');
}

/** Which comment or issue a step is written into; null for one that is in the job summary alone. */
export function threadOf({ mode }: Inputs, document: FleetDocument | null): 'plan' | 'drift' | null {
  // A shard is a part: what it found is written with the others when they are merged.
  if (document?.selection.shard) return null;
  const command = document?.command ?? mode;
  return command === 'plan' || command === 'drift' ? command : null;
}

/** A step over many instances as Markdown for the job summary, the comment and the issue. */
export function fleetStepMarkdown(
  step: Step,
  { inputs, keys, run }: { inputs: Inputs; keys: readonly string[]; run: string | null },
): string {
  const { fleet = null } = step;
  const thread = threadOf(inputs, fleet);
  const body = fleet ? fleetMarkdown(fleet, { limit: ROOM }) : stoppedText(step, inputs);
  const page = step.page
    ? ` · [the page of the fleet](${run}#artifacts), where the workflow keeps it as an artifact`
    : '';
  const parts = [body, ...(run === null ? [] : [`<sub>[This run](${run})${page}</sub>`])];
  const marker = thread === null ? '' : `${fleetMarker(thread, keys)}\n`;
  return `${marker}${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

function stoppedText(step: Step, { mode }: Inputs): string {
  const { shown, more } = cut(step.problems.map(problemLine), MOST);
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
    `> **${MEANS[mode]}.** ${escapeProse(WHY[step.exit] ?? 'See the log of the run.')}`,
    '',
    ...shown,
    ...(more > 0 ? [`- and ${plural(more, 'more', 'more')}, in the log of the run`] : []),
  ].join('\n');
}

/** What needs a person as workflow commands, each cause once, at its place where it has one. */
export function fleetAnnotations(document: FleetDocument, placeOf: PlaceOf): string {
  const rows = new Map(document.rows.map((row) => [row.instance, row]));
  const ofFleet = document.refusals.map(({ code, message }) => errorGithub(code, message));
  const ofRows = troublesOf(document).map(({ status, cause, instances, nextStep }) => {
    const next = nextStep === '' ? '' : ` (next: ${nextStep})`;
    const message = `${STATUS_TEXT[status]} (${namesText(instances, NAMES_SHOWN)}): ${cause}${next}`;
    const placed = rows.get(instances[0] ?? '')?.problems.find(({ file }) => file !== null);
    if (!placed) return errorGithub('domo-roles', message);
    const { code, file, line, column } = placed;
    const at = { ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) };
    return problemsGithub(
      [{ code, severity: 'error', message, where: { file: file ?? '', ...at } }],
      placeOf,
    );
  });
  return [...ofFleet, ...ofRows].slice(0, MOST_ANNOTATIONS).join('');
}
