import type { Dependencies } from '../../model/closure.js';
import { grantsWithout, intersection, isSameList } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { grantList, grantSet } from '../../model/grant.js';

/**
 * When a role's grants are written, so that during an apply no one holds what they have neither before nor
 * after it (P1), and no one goes without what they have both before and after it, unless P1 forces it (P2).
 * docs/explanation/no-transient-escalation.md has a worked example.
 *
 * The argument. Let a role hold H now and H′ in the end. Moves happen in between and are direct, so a
 * person is at every moment either where they were or where they will be; only the lists change around
 * them. Three kinds of people see this role's list:
 *
 * - people who stay have H, then H′, both of which they may hold: any list between H∩H′ and H∪H′ is within P1;
 * - people who leave are affected by writes before the moves. They had H and will have A (the final list of the role that
 *   they move to). H′ before the moves is safe if H′∖H ⊆ A, and removes nothing they keep if H∩A ⊆ H′;
 * - people who enter are affected by the list between the moves and the later write. They had B and
 *   will have H′. H during the moves is safe if H∖H′ ⊆ B, and lacks nothing they keep if B∩H′ ⊆ H.
 *
 * So: all before, if that is right for every leaver; else all after, if that is right for every enterer; else split. A
 * split writes M between H∩H′ and H∪H′: of the new grants, only those that every leaver will have anyway; of the removed
 * grants, only those that every enterer had. M is within H∪A for leavers and within B∪H′ for enterers, which is
 * P1; and it is the largest such list, which is as much of P2 as P1 allows.
 *
 * A written list may gain its dependencies, since an instance may add them by itself.
 * So for P1 each written list counts with its dependencies; for P2 without them.
 */
export interface StageInput {
  /** H and H′. */
  before: readonly Grant[];
  after: readonly Grant[];
  /** For each cohort that leaves: their final grants (A). */
  leavers: readonly ReadonlySet<Grant>[];
  /** For each cohort that enters: their current grants (B). */
  enterers: readonly ReadonlySet<Grant>[];
  dependencies: Dependencies;
}

/** A list to write, and its stage. */
export interface StagedWrite {
  stage: 'before-moves' | 'after-moves';
  grants: readonly Grant[];
  note: string | null;
}

/** Explanations of a write's place in the order, shown in plans. */
const NOTES = {
  notEarlier: 'written after the moves: earlier it would give people who leave more than they may have',
  notLater: 'written before the moves: later it would give people who arrive more than they may have',
  suitsArrivals:
    'written after the moves, so that people who leave hold no more, and no less, than they had and will have',
  first:
    'split in two writes: before the moves only what is too much neither for people who leave nor for those who arrive',
  second: 'second write of the split: the rest, once everyone is in place',
} as const;

/** The writes that take a role from H to H′: one, or two if the moves force a split. */
export function stageGrants(input: StageInput): StagedWrite[] {
  const { after } = input;
  if (isRightForLeavers(input)) return [{ stage: 'before-moves', grants: after, note: null }];
  if (isRightForEnterers(input)) return [{ stage: 'after-moves', grants: after, note: NOTES.suitsArrivals }];
  return splitGrants(input);
}

/** Always splits, even if one write would do: for a final write that must wait for another reason. */
export function splitGrants(input: StageInput): StagedWrite[] {
  const { before, after } = input;
  const middle = middleList(input);
  // What stays can only be written where an instance may add nothing to it by itself. Where no one who enters needs
  // the shrink, it is better not to write twice: a run that is cut off in between must not lose what an additive
  // role keeps, since nothing but the role itself remembers it.
  const drops = grantsWithout(intersection(before, after), middle).length > 0;
  if ((drops && enterersHadWhatGoes(input)) || isSameList(middle, before))
    return [{ stage: 'after-moves', grants: after, note: NOTES.notEarlier }];
  if (isSameList(middle, after)) return [{ stage: 'before-moves', grants: after, note: NOTES.notLater }];
  return [
    { stage: 'before-moves', grants: middle, note: NOTES.first },
    { stage: 'after-moves', grants: after, note: NOTES.second },
  ];
}

function isRightForLeavers({ before, after, leavers, dependencies }: StageInput): boolean {
  if (leavers.length === 0) return true;
  const grown = grantsWithout(dependencies.closure(after), before);
  const gone = grantsWithout(before, after);
  return leavers.every(
    (end) => grown.every((grant) => end.has(grant)) && !gone.some((grant) => end.has(grant)),
  );
}

/** Did everyone who enters already hold all removed grants? Then the old list gives no one too much. */
function enterersHadWhatGoes({ before, after, enterers }: StageInput): boolean {
  const gone = grantsWithout(before, after);
  return enterers.every((start) => gone.every((grant) => start.has(grant)));
}

function isRightForEnterers({ before, after, enterers }: StageInput): boolean {
  if (enterers.length === 0) return true;
  const gone = grantsWithout(before, after);
  const grown = grantsWithout(after, before);
  return enterers.every(
    (start) => gone.every((grant) => start.has(grant)) && !grown.some((grant) => start.has(grant)),
  );
}

function middleList({ before, after, leavers, enterers, dependencies }: StageInput): Grant[] {
  const held = grantSet(before);
  const ends = grantSet(after);
  const stay = dependencies.closure(after);
  // Most grants of a list depend on the same few, so each is judged once.
  const judged = new Map<Grant, boolean>();
  const isRight = (grant: Grant): boolean =>
    (held.has(grant) || (stay.has(grant) && leavers.every((end) => end.has(grant)))) &&
    (ends.has(grant) || enterers.every((start) => start.has(grant)));
  const fits = (grant: Grant): boolean => {
    for (const one of dependencies.closure([grant])) {
      const known = judged.get(one) ?? isRight(one);
      judged.set(one, known);
      if (!known) return false;
    }
    return true;
  };
  return grantList([...before, ...after].filter(fits));
}
