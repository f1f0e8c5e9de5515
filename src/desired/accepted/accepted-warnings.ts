import type { LoadedManifest } from '../../manifest/manifest.js';
import type { AcceptedDrift } from '../../model/policy.js';
import { quotedName } from '../../model/quoted-name.js';
import { hasPassed } from '../../model/until.js';
import { warning } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import type { AcceptedFound } from './accepted-differences.js';

/** Warns of expired entries: their differences count again. */
export function expiredWarnings(loaded: LoadedManifest, now: string): Problem[] {
  return loaded.manifest.policy.acceptedDrift.flatMap((entry, index) =>
    !hasPassed(entry.until, now)
      ? []
      : warning(
          'accepted-drift-expired',
          `drift of ${subject(entry)} was accepted until ${entry.until} and counts again (${entry.reason})`,
          {
            where: loaded.locate(['policy', 'acceptedDrift', index]),
            hint: 'apply the manifest, or set a later `until` with a reason',
          },
        ),
  );
}

/** Warns of entries that match nothing, or not all of the people that they name. */
export function unusedWarnings(loaded: LoadedManifest, unmatched: AcceptedFound['unmatched']): Problem[] {
  return unmatched.map(({ entry, people }) => {
    const missed = people.length > 0 ? ` for ${people.join(', ')}` : '';
    return warning(
      'accepted-drift-unused',
      `the accepted drift of ${subject(entry)} matches nothing${missed}`,
      {
        where: loaded.locate([
          'policy',
          'acceptedDrift',
          loaded.manifest.policy.acceptedDrift.indexOf(entry),
        ]),
        hint: 'remove it from the manifest, or correct it',
      },
    );
  });
}

function subject(drift: AcceptedDrift): string {
  if (drift.what === 'rule') return `rule ${quotedName(drift.rule)}`;
  return drift.role === null ? drift.what : `${drift.what} of role ${quotedName(drift.role)}`;
}
