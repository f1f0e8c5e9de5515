import { refuseUnknownRules } from '../../fleet/allow-of.js';
import type { AllowOf } from '../../fleet/allow-of.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import { ProblemError } from '../../problem/problem.js';
import type { ManifestInput } from '../load-manifest.js';

/**
 * Raises `usage` if a rule that is allowed for all instances is in the policy of no selected one. Reads manifests only
 * until all rules are found. If a manifest is invalid, its rules are unknown, and nothing is raised.
 */
export async function refuseUnknownSharedRules(
  allowOf: AllowOf,
  {
    entries,
    manifestOf,
  }: { entries: readonly FleetEntry[]; manifestOf: (entry: FleetEntry) => Promise<ManifestInput> },
): Promise<void> {
  const missing = new Set(allowOf.sharedRules);
  const known = new Set<string>();
  for (const entry of entries) {
    if (missing.size === 0) return;
    const rules = await rulesOf(entry, manifestOf);
    if (rules === null) return;
    for (const { name } of rules) {
      known.add(name);
      missing.delete(name);
    }
  }
  if (entries.length > 0) refuseUnknownRules(allowOf, known);
}

async function rulesOf(
  entry: FleetEntry,
  manifestOf: (entry: FleetEntry) => Promise<ManifestInput>,
): Promise<readonly { name: string }[] | null> {
  try {
    return (await manifestOf(entry)).loaded.manifest.policy.rules;
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}
