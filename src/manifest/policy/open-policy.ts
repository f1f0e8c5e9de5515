import { policyOriginWarnings, type PolicyOrigin } from '../../model/policy-overlay.js';
import type { Recent } from '../../model/recent.js';
import type { LoadedFiles } from '../files/loaded-files.js';
import type { GrantsByTitle } from '../form/grant-titles.js';
import type { ReadPolicy } from './policy-file.js';

/** The policy file of a run, and its origin. */
export interface OpenedPolicy {
  read: ReadPolicy;
  origin: PolicyOrigin | null;
}

/** The policy files of a run, and their origins. */
export interface PolicyCache {
  /** Keyed by the name of the policy file. */
  policies: Recent<Promise<ReadPolicy>>;
  /** Keyed by the name of the policy file and the files of the manifest. */
  origins: Recent<Promise<PolicyOrigin>>;
}

/** The input of opening a policy file by its name. */
interface PolicyOptions {
  cwd: string;
  titles: GrantsByTitle;
  cache: PolicyCache | undefined;
}

/** Reads the policy file and adds its problems to those of the manifest. */
export async function openPolicy(
  name: string | undefined,
  collection: LoadedFiles,
  { cwd, titles, cache }: PolicyOptions,
): Promise<OpenedPolicy | null> {
  if (name === undefined) return null;
  const { readPolicyFile, policyOrigin } = await import('./policy-file.js');
  const reading = (): Promise<ReadPolicy> => readPolicyFile(name, { cwd, titles });
  const read = await (cache ? cache.policies.get(name, reading) : reading());
  collection.problems.push(...read.problems);
  const { source } = read;
  if (source === null) return { read, origin: null };
  const beside = [...collection.paths.values()];
  const looking = (): Promise<PolicyOrigin> => policyOrigin(source, beside);
  const origin = await (cache ? cache.origins.get(JSON.stringify([name, ...beside]), looking) : looking());
  collection.problems.push(...policyOriginWarnings(origin));
  return { read, origin };
}
