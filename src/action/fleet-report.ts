import type { FleetDocument } from '../fleet/document.js';
import type { PlaceOf } from '../render/ci/places.js';
import { errorGithub, problemsGithub } from '../render/ci/problems-github.js';
import { STATUS_TEXT, namesText, rowsByCause } from '../render/fleet/fleet-facts.js';
import { fleetMarkdown } from '../render/fleet/fleet-markdown.js';
import { fleetMarker } from '../render/markdown/escape.js';
import { relativeToRoot } from '../shell/repository.js';
import type { Environment } from '../shell/environment.js';
import { inputNames } from './input-names.js';
import type { Inputs } from './inputs.js';
import { MAX_LENGTH, isStopped, stoppedMarkdown, validMarkdown } from './markdown.js';
import { threadOf, type Step } from './step.js';

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

/** Renders a step over many instances as Markdown for the job summary, the comment and the issue. */
export function fleetStepMarkdown(
  step: Step,
  { inputs, keys, run }: { inputs: Inputs; keys: readonly string[]; run: string | null },
): string {
  const { fleet, byOwner } = step;
  const thread = threadOf(step, inputs);
  const { text: reword } = inputNames({ isFleet: true });
  const body = fleet
    ? fleetMarkdown(fleet, { limit: MAX_LENGTH, byOwner, reword })
    : withoutRun(step, inputs);
  const page = step.page
    ? ` · [the page of the fleet](${run}#artifacts), if the workflow uploads it as an artifact`
    : '';
  const parts = [body, ...(run === null ? [] : [`<sub>[This run](${run})${page}</sub>`])];
  const marker = thread === null ? '' : `${fleetMarker(thread, keys)}\n`;
  return `${marker}${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

function withoutRun(step: Step, { mode }: Inputs): string {
  const title = `Fleet ${mode}`;
  return isStopped(step)
    ? stoppedMarkdown(step, { title, mode })
    : validMarkdown(step, { title, subject: 'The inventory and all manifests are' });
}

/** Returns what needs attention as workflow commands: each cause once, at its place in the repository if it has one. */
export function fleetAnnotations(document: FleetDocument, placeOf: PlaceOf): string {
  const { text } = inputNames({ isFleet: true });
  const rows = new Map(document.rows.map((row) => [row.instance, row]));
  const refusals = document.refusals.map(({ code, message }) => errorGithub(code, text(message)));
  const causes = rowsByCause(document).map(({ status, cause, instances, nextStep }) => {
    const next = nextStep === '' ? '' : ` (next: ${text(nextStep)})`;
    const message = `${STATUS_TEXT[status]} (${namesText(instances, MAX_NAMES)}): ${text(cause)}${next}`;
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
