/** The inputs that depend on each other. */
type Dependent = Readonly<
  Record<
    | ('only' | 'where' | 'wave' | 'shard' | 'changedSince' | 'tokenDir' | 'out' | 'resume')
    | (
        | 'manifest'
        | 'instance'
        | 'token'
        | 'catalogue'
        | 'dryRun'
        | 'groupBy'
        | 'state'
        | 'webhook'
        | 'planFile'
      ),
    unknown
  >
> & { mode: string; folders: readonly string[] };

/** Inputs that a step has no use for: most likely it is not the step that was meant. */
export function misplacedInputs(inputs: Dependent, isFleet: boolean): string[] {
  const { mode, only, where, wave, shard, changedSince, tokenDir, folders, out, resume } = inputs;
  const selection = { only, where, wave, shard, 'changed-since': changedSince };
  if (!isFleet) {
    const ofFleets = { ...selection, 'token-dir': tokenDir, folders, out, resume };
    return given(ofFleets).map((name) => `the input ${name} needs the input fleet`);
  }
  const { manifest, instance, token, catalogue, dryRun, groupBy, state, webhook, planFile } = inputs;
  const ofOne = {
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
    ...given(ofOne).map((name) => `the input ${name} cannot be combined with the input fleet`),
    ...given(isMerge ? { ...selection, resume } : { folders }).map(
      (name) => `the input ${name} cannot be combined with mode ${mode}`,
    ),
    ...(isMerge && folders.length === 0
      ? ['mode merge needs the input folders: the folders of the shards, one per line']
      : []),
    ...(mode !== 'apply' && planFile !== null && out !== null
      ? ['the inputs plan-file and out name the same folder here: give one of them']
      : []),
  ];
}

/** The names of those that are set. */
function given(found: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(found).flatMap(([name, value]) =>
    value === null || value === false || (Array.isArray(value) && value.length === 0) ? [] : [name],
  );
}
