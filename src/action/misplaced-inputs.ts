import { INPUTS } from './input-table.js';
import type { InputName, Mode, ModeInput } from './input-table.js';

/** Inputs that are only set or not set here. */
type SetOrNot =
  | ('only' | 'where' | 'wave' | 'changedSince' | 'shard' | 'tokenDir' | 'resume' | 'instance' | 'token')
  | ('catalogue' | 'policy' | 'detailedExitcode' | 'dryRun' | 'onlyExpired' | 'state' | 'since')
  | ('webhook' | 'against');

/** The inputs that are checked, by the names in `Inputs`: not those that every step accepts. */
interface CheckedInputs extends Readonly<Record<SetOrNot, unknown>> {
  mode: Mode;
  fleet: string | null;
  manifest: readonly string[];
  folders: readonly string[];
  planFile: string | null;
  out: string | null;
}

/** Returns a message for every input that has no effect in this step: the workflow probably means a different step. */
export function misplacedInputs(inputs: CheckedInputs, isFleet: boolean): string[] {
  return [
    ...(isFleet ? misplacedForFleet(inputs) : misplacedForInstance(inputs)),
    ...misplacedBySource(inputs),
  ];
}

function misplacedForInstance(inputs: CheckedInputs): string[] {
  const { tokenDir, folders, out, resume } = inputs;
  const fleetOnly = { ...selectionOf(inputs), 'token-dir': tokenDir, folders, out, resume };
  return [
    ...namesOfSet(fleetOnly).map((name) => `the input ${name} needs the input fleet`),
    ...misplacedForMode({ ...inputs, out: null, resume: false }),
  ];
}

function misplacedForFleet(inputs: CheckedInputs): string[] {
  const { mode, folders, out, planFile } = inputs;
  const isMerge = mode === 'merge';
  return [
    ...namesOfSet(instanceOnly(inputs)).map(
      (name) => `the input ${name} cannot be combined with the input fleet`,
    ),
    ...(isMerge ? namesOfSet(selectionOf(inputs)) : namesOfSet({ folders })).map(
      (name) => `the input ${name} cannot be combined with mode ${mode}`,
    ),
    ...misplacedForMode(inputs),
    ...(inputs.dryRun && mode === 'apply' && inputs.resume === true
      ? ['the input dry-run cannot be combined with the input resume']
      : []),
    ...(isMerge && folders.length === 0
      ? ['mode merge needs the input folders: the folders of the shards, one per line']
      : []),
    ...(mode !== 'apply' && planFile !== null && out !== null
      ? ['the inputs plan-file and out both name the folder of the documents: set only one of them']
      : []),
  ];
}

function selectionOf({ only, where, wave, shard, changedSince }: CheckedInputs) {
  return { only, where, wave, shard, 'changed-since': changedSince };
}

function instanceOnly(inputs: CheckedInputs) {
  const { manifest, instance, token, state } = inputs;
  return { manifest, instance, token, state };
}

function misplacedForMode(inputs: CheckedInputs): string[] {
  return namesOfSet(modeInputs(inputs)).flatMap((name) => {
    const modes: readonly Mode[] = INPUTS[name];
    if (modes.includes(inputs.mode)) return [];
    return [`the input ${name} cannot be combined with mode ${inputs.mode}: it is for ${listed(modes)}`];
  });
}

/** The inputs that only some modes use, by their names in the workflow. */
function modeInputs(inputs: CheckedInputs): Readonly<Record<ModeInput, unknown>> {
  const { against, catalogue, webhook, since, out, resume, policy, planFile } = inputs;
  return {
    against,
    catalogue,
    webhook,
    since,
    out,
    resume,
    policy,
    'only-expired': inputs.onlyExpired,
    'detailed-exitcode': inputs.detailedExitcode,
    'plan-file': planFile,
    'dry-run': inputs.dryRun,
  };
}

/** An apply has one source: a manifest or a saved plan. */
function misplacedBySource({ mode, manifest, planFile, fleet }: CheckedInputs): string[] {
  return mode === 'apply' && planFile !== null && manifest.length > 0 && fleet === null
    ? ['the inputs manifest and plan-file both name what to apply: set only one of them']
    : [];
}

/** `plan`, `plan and drift`, `plan, apply and drift`. */
function listed(modes: readonly string[]): string {
  const last = modes.at(-1) ?? '';
  return modes.length < 2 ? last : `${modes.slice(0, -1).join(', ')} and ${last}`;
}

function namesOfSet<N extends InputName>(inputs: Readonly<Record<N, unknown>>): N[] {
  const isSet = (value: unknown): boolean =>
    value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
  return (Object.keys(inputs) as N[]).filter((name) => isSet(inputs[name]));
}
