/** The inputs that only some steps use, by the names in `Inputs`. */
interface CheckedInputs extends Readonly<Record<FleetOnly | InstanceOnly, unknown>>, ModeInputs {
  folders: readonly string[];
  planFile: string | null;
}

type FleetOnly = 'only' | 'where' | 'wave' | 'shard' | 'changedSince' | 'tokenDir' | 'out' | 'resume';

type InstanceOnly =
  'manifest' | 'instance' | 'token' | 'catalogue' | 'dryRun' | 'groupBy' | 'state' | 'webhook';

/** The inputs that have no effect in some modes. Ignoring them would make the step do something else than requested. */
interface ModeInputs extends Readonly<
  Record<'against' | 'catalogue' | 'onlyExpired' | 'detailedExitcode' | 'webhook' | 'since', unknown>
> {
  mode: string;
}

/** The modes that use these inputs. */
const MODES_OF: Readonly<Record<string, readonly string[]>> = {
  against: ['plan', 'drift'],
  catalogue: ['validate'],
  'only-expired': ['plan', 'apply'],
  'detailed-exitcode': ['plan'],
  webhook: ['drift'],
  since: ['drift'],
};

/** Returns a message for every input that has no effect in this step: the workflow probably means a different step. */
export function misplacedInputs(inputs: CheckedInputs, isFleet: boolean): string[] {
  const { mode, only, where, wave, shard, changedSince, tokenDir, folders, out, resume } = inputs;
  const selection = { only, where, wave, shard, 'changed-since': changedSince };
  if (!isFleet) {
    const fleetOnly = { ...selection, 'token-dir': tokenDir, folders, out, resume };
    return [
      ...namesOfSet(fleetOnly).map((name) => `the input ${name} needs the input fleet`),
      ...misplacedForMode(inputs),
    ];
  }
  const { manifest, instance, token, catalogue, dryRun, groupBy, state, webhook, planFile } = inputs;
  const instanceOnly = {
    manifest,
    instance,
    token,
    catalogue,
    'dry-run': dryRun,
    'group-by': groupBy,
    state,
    webhook,
  };
  const isMerge = mode === 'merge';
  return [
    ...namesOfSet(instanceOnly).map((name) => `the input ${name} cannot be combined with the input fleet`),
    ...namesOfSet(isMerge ? { ...selection, resume } : { folders }).map(
      (name) => `the input ${name} cannot be combined with mode ${mode}`,
    ),
    ...misplacedForMode({ ...inputs, catalogue: null, webhook: null }),
    ...(isMerge && folders.length === 0
      ? ['mode merge needs the input folders: the folders of the shards, one per line']
      : []),
    ...(mode !== 'apply' && planFile !== null && out !== null
      ? ['the inputs plan-file and out both name the folder of the documents: set only one of them']
      : []),
  ];
}

function misplacedForMode(inputs: ModeInputs): string[] {
  const { mode, against, catalogue, onlyExpired, detailedExitcode, webhook, since } = inputs;
  const named = {
    ...{ against, catalogue, webhook, since },
    ...{ 'only-expired': onlyExpired, 'detailed-exitcode': detailedExitcode },
  };
  return namesOfSet(named).flatMap((name) => {
    const modes = MODES_OF[name] ?? [];
    if (modes.includes(mode)) return [];
    return [`the input ${name} cannot be combined with mode ${mode}: it is for ${modes.join(' and ')}`];
  });
}

function namesOfSet(inputs: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(inputs).flatMap(([name, value]) =>
    value === null || value === false || (Array.isArray(value) && value.length === 0) ? [] : [name],
  );
}
