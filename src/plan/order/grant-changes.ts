import { isSameList } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { planRoleId } from '../../model/role.js';
import type { Role } from '../../model/role.js';
import type { Difference } from '../../diff/difference.js';
import type { ChangeDraftOf, GrantStage } from '../change.js';
import type { DeferredChanges, DeriveInput } from './derive-input.js';
import { splitGrants, stageGrants } from './stage-grants.js';
import type { StagedWrite, StageInput } from './stage-grants.js';
import { transitionsOf } from './transitions.js';

type GrantsDraft = ChangeDraftOf<'grants.set'>;
type PlacedWrite = Omit<StagedWrite, 'stage'> & { stage: GrantStage };

/** The writes of grants, each with its stage; see `stageGrants`. */
export function grantChanges(input: DeriveInput, deferred: DeferredChanges): GrantsDraft[] {
  const transitionOf = transitionsOf(input);
  return input.differences.flatMap((difference) => {
    const list = listToWrite(difference, input);
    if (list === null) return [];
    const { role, before } = list;
    const stageInput = {
      before,
      after: role.grants,
      ...transitionOf(role.key),
      dependencies: input.dependencies,
    };
    const writes =
      deferred.grants === role.key ? deferredWrites(stageInput, deferred) : stageGrants(stageInput);
    return chainWrites(role, before, writes);
  });
}

/** The role whose list a difference changes, and its list before; null if the difference changes none. */
function listToWrite(
  difference: Difference,
  { desired }: Pick<DeriveInput, 'desired'>,
): { role: Role; before: readonly Grant[] } | null {
  if (difference.kind === 'grants') return { role: difference.after, before: difference.before.grants };
  if (difference.kind !== 'role-missing') return null;
  const role = difference.after;
  const before = desired.starts.get(role.key)?.grants ?? [];
  return isSameList(before, role.grants) ? null : { role, before };
}

/** The deferred write comes after everything else. With a split, the part that need not wait comes before the moves. */
function deferredWrites(input: StageInput, { split }: DeferredChanges): PlacedWrite[] {
  const writes = split ? splitGrants(input) : [];
  return [
    ...(writes.length > 1 ? writes.slice(0, 1) : []),
    {
      stage: 'last',
      grants: input.after,
      note: 'written after everything else: it takes authorization.roles from the acting person',
    },
  ];
}

/** The writes of one role as changes; each starts from the result of the one before it. */
function chainWrites(role: Role, before: readonly Grant[], writes: readonly PlacedWrite[]): GrantsDraft[] {
  return writes.map(({ stage, grants, note }, index): GrantsDraft => ({
    kind: 'grants.set',
    step: writes.length > 1 ? stage : null,
    role: role.name,
    roleId: planRoleId(role),
    before: writes[index - 1]?.grants ?? before,
    after: grants,
    stage,
    note,
  }));
}
