import type { Desired } from '../desired/desired.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import { dependenciesOf } from '../model/closure.js';
import { acceptedInForce } from '../model/policy.js';
import type { Policy } from '../model/policy.js';
import type { Snapshot } from '../model/snapshot.js';
import { stateOf } from '../model/state.js';
import type { Plan } from '../plan/plan.js';
import { rulesInForce } from '../plan/rules/in-force.js';
import { findViolations } from '../plan/rules/violations.js';
import type { FoundViolations } from '../plan/rules/violations.js';

/** Finds violations of the manifest's rules in live state. */
export function liveViolations(
  snapshot: Snapshot,
  { target }: Desired,
  { loaded, now }: { loaded: LoadedManifest; now: string },
): FoundViolations {
  const { catalogue } = snapshot;
  return findViolations({
    policy: loaded.manifest.policy,
    live: stateOf(snapshot),
    end: target.state,
    catalogue,
    dependencies: dependenciesOf(catalogue),
    now,
    locate: loaded.locate,
  });
}

/** The policy without its rules. */
export function withoutRules(policy: Policy): Policy {
  const acceptedDrift = policy.acceptedDrift.filter(({ what }) => what !== 'rule');
  return { ...policy, rules: [], acceptedDrift };
}

/** Adds the rules and their accepted violations to a plan that was made without rules. */
export function withRules(
  plan: Plan,
  { accepted }: FoundViolations,
  { policy, now }: { policy: Policy; now: string },
): Plan {
  return {
    ...plan,
    policy,
    rules: rulesInForce(policy.rules),
    acceptedDrift: acceptedInForce(policy, now),
    accepted: [...plan.accepted, ...accepted],
  };
}
