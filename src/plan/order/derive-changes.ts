import { nearName } from '../../model/near-name.js';
import type { ChangeDraft, ChangeDraftOf, GrantStage, OrderedChange } from '../change.js';
import { linkChanges } from './dependencies.js';
import type { DeferredChanges, DeriveInput } from './derive-input.js';
import { grantChanges } from './grant-changes.js';
import { memberMoves } from './member-moves.js';
import { nameChanges } from './name-changes.js';
import { settingChanges } from './settings-changes.js';

/**
 * Turns differences into changes, in the order in which they are applied. Each phase has one reason for its place. The
 * order of changes that affect the same object, or people who pass through it, is in `dependsOn`.
 */
export function deriveChanges(input: DeriveInput, deferred: DeferredChanges): OrderedChange[] {
  const names = nameChanges(input);
  const settings = settingChanges(input);
  const grants = grantChanges(input, deferred);
  const moves = memberMoves(input, deferred);
  const deletes = deletedRoles(input);
  const staged = (stage: GrantStage): ChangeDraft[] => grants.filter((change) => change.stage === stage);

  const phases: ChangeDraft[][] = [
    // Later changes refer to roles, and a new role has an id only once it is created.
    names.changes,
    // Domo rejects `authorization.roles` for a role that is the default or on the allowlist.
    settings.early,
    // A list that is safe for people who leave and who arrive must be in place when they move.
    staged('before-moves'),
    moves.filter(({ step }) => step !== 'last'),
    // A list that people who leave must not hold is written after they have left.
    staged('after-moves'),
    // New people may join at any time, so a role becomes the default only with its final list.
    settings.late,
    // Deletions come after everything else is in place.
    deletes,
    // The name of a deleted role is free only now.
    names.late,
  ];
  // Changes that take the acting person's own access come last: the instance would reject anything after them.
  const end = [...staged('last'), ...moves.filter(({ step }) => step === 'last')];
  const waitsFor = new Map(
    [...names.waitsFor].map(([change, first]) => [
      change,
      names.late.includes(change) ? [...first, ...deletes.filter((one) => isInTheWay(one, change))] : first,
    ]),
  );
  return linkChanges({ body: phases.flat(), end, waitsFor }, input);
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

/** Has the role to be deleted the name that this change gives, or nearly? */
function isInTheWay({ before }: ChangeDraftOf<'role.delete'>, change: ChangeDraft): boolean {
  return change.kind === 'role.update' && nearName(before.name) === nearName(change.after.name);
}
