import { byCodeUnit } from '../model/grant.js';
import { without } from '../model/closure.js';
import { refusal } from '../model/refusal.js';
import type { Refusal } from '../model/refusal.js';
import { problem, ProblemError } from '../problem/problem.js';
import { tellGrants } from './held.js';

/** A field of a live object that is neither as the plan saw it nor as the plan leaves it. */
export interface Moved {
  /** As in fingerprints: `role:810756122`, `person:1345408759`, `name:Analyst`, `defaultRole`, `allowlist`. */
  object: string;
  /** As a person would call it. */
  label: string;
  field: string;
  before: unknown;
  now: unknown;
}

/** What a stale plan is refused with: what moved, for a message that can add who moved it. */
export class StalePlanError extends ProblemError {
  override readonly name = 'StalePlanError';
  readonly moved: readonly Moved[];

  constructor(moved: readonly Moved[]) {
    const sorted = [...moved].sort((a, b) => byCodeUnit(a.object, b.object) || byCodeUnit(a.field, b.field));
    super(
      sorted.map((one) =>
        problem('stale-plan', tellMoved(one), {
          where: { what: one.label },
          hint: 'plan again, and look at what moved',
        }),
      ),
    );
    this.moved = sorted;
  }
}

/** The same as one refusal, for documents. */
export function staleRefusal(moved: readonly Moved[]): Refusal {
  return refusal('stale-plan', 'the instance is no longer as the plan saw it', {
    figure: moved.length,
    items: moved.map(tellMoved),
    hint: 'plan again, and look at what moved',
  });
}

/** Which field of which object moved, before and now, in a sentence without a full stop. */
export function tellMoved({ label, field, before, now }: Moved): string {
  if (field === 'grants' && isTexts(before) && isTexts(now)) {
    const gained = without(now, before);
    const lost = without(before, now);
    const parts = [
      ...(gained.length ? [`it now holds ${tellGrants(gained)}`] : []),
      ...(lost.length ? [`it no longer holds ${tellGrants(lost)}`] : []),
    ];
    return `${label} has moved: ${parts.join('; ')}`;
  }
  return `${label} has moved: ${field} was ${tell(before)}, is now ${tell(now)}`;
}

function tell(value: unknown): string {
  return value === null || value === undefined ? 'none' : JSON.stringify(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
