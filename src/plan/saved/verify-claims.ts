import equal from 'fast-deep-equal';
import { byCodeUnit } from '../../model/sort.js';
import { digestOf } from '../fingerprint.js';
import type { Impact, Plan } from '../plan.js';
import { summarise } from '../review/summary.js';

/**
 * Does what a plan file tells its reader follow from its changes? `made` is the plan made anew from them. Gives
 * what does not, in words; null where all does. Only what cannot have moved since then is compared: of the impact
 * the people whom the plan itself moves, since others may have come and gone.
 */
export function falseClaim(plan: Plan, made: Plan): string | null {
  if (plan.fingerprints.some((print) => digestOf(print.fields) !== print.digest)) {
    return 'a fingerprint is not that of its fields';
  }
  const counted = summarise(plan.changes, {
    refusals: plan.refusals.length,
    warnings: plan.warnings.length,
    unchanged: plan.summary.unchanged,
  });
  if (!equal(counted, plan.summary)) return 'its summary does not follow from its changes';
  const moved = new Set(
    plan.changes.flatMap((change) =>
      change.kind === 'members.move' ? change.people.map((move) => move.id) : [],
    ),
  );
  const whole = (one: Impact): boolean =>
    one.gains.length === one.gainCount && one.loses.length === one.loseCount;
  const cut = new Set([...plan.impact, ...made.impact].filter((one) => !whole(one)).map((one) => one.grant));
  const told = ({ impact }: Plan): unknown =>
    impact
      .filter((one) => !cut.has(one.grant))
      .map(({ grant, gains, loses }) => ({ grant, gains: idsOf(gains, moved), loses: idsOf(loses, moved) }))
      .filter(({ gains, loses }) => gains.length + loses.length > 0)
      .sort((a, b) => byCodeUnit(a.grant, b.grant));
  return equal(told(plan), told(made)) ? null : 'its impact does not follow from its changes';
}

function idsOf(people: readonly { id: number }[], moved: ReadonlySet<number>): number[] {
  return people
    .map(({ id }) => id)
    .filter((id) => moved.has(id))
    .sort((a, b) => a - b);
}
