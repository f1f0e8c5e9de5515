import type { ChangeDraft, ChangeDraftOf, GrantStage, OrderedChange } from '../change.js';
import { linkChanges } from './dependencies.js';
import type { DeferredChanges, DeriveInput } from './derive-input.js';
import { grantChanges } from './grant-changes.js';
import { memberMoves } from './member-moves.js';
import { nameChanges } from './name-changes.js';
import { settingChanges } from './settings-changes.js';

/**
 * Differences as changes, in the order in which they are applied. Each phase has one reason for its
 * place. Between two changes of one object, or of people who pass through it, the order is in `dependsOn`.
 */
export function deriveChanges(input: DeriveInput, deferred: DeferredChanges): OrderedChange[] {
  const names = nameChanges(input);
  const settings = settingChanges(input);
  const grants = grantChanges(input, deferred);
  const moves = memberMoves(input, deferred);
  const staged = (stage: GrantStage): ChangeDraft[] => grants.filter((change) => change.stage === stage);

  const phases: ChangeDraft[][] = [
    // All others name roles, and a role that is made has an id only then.
    names.changes,
    // Domo gives no role `authorization.roles` while it is the default role or on the allowlist.
    settings.early,
    // A list that suits those who leave and those who arrive has to be in place when they move.
    staged('before-moves'),
    moves.filter(({ step }) => step !== 'last'),
    // A list that those who leave must not hold is written when they have left.
    staged('after-moves'),
    // People arrive in the default role at any time, so it becomes the default with its last list.
    settings.late,
    // Nothing is destroyed before everything else is in place.
    deletedRoles(input),
  ];
  // What takes the acting person's own power comes last: the instance would refuse what came after it.
  const end = [...staged('last'), ...moves.filter(({ step }) => step === 'last')];
  return linkChanges({ body: phases.flat(), end, waitsFor: names.waitsFor }, input);
}

function deletedRoles({ differences }: DeriveInput): ChangeDraftOf<'role.delete'>[] {
  return differences.flatMap((difference): ChangeDraftOf<'role.delete'>[] => {
    if (difference.kind !== 'role-extra') return [];
    const { name, description, grants, id } = difference.before;
    return [
      {
        kind: 'role.delete',
        step: null,
        role: name,
        roleId: id,
        before: { name, description, grants },
        after: null,
      },
    ];
  });
}
