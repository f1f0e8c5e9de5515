import type { DesiredTarget } from '../../desired/desired.js';
import type { ChangeDraft } from '../change.js';
import type { DeriveInput } from './derive-input.js';
import { orderRenames, stepFinder, takenNames, temporaryName } from './order-renames.js';
import type { NameChange, NameStep, StepRef } from './order-renames.js';
import { waitForDeletes } from './wait-for-deletes.js';

/** Changes that create roles, or set names and descriptions. */
interface NameChanges {
  /** In an order in which each name is free when it is needed. */
  changes: ChangeDraft[];
  /** Changes that come after the deletes, because a deleted role has the name until then. In the same order. */
  late: ChangeDraft[];
  /** For each change, those that must be done first. */
  waitsFor: ReadonlyMap<ChangeDraft, readonly ChangeDraft[]>;
}

/** Derives the changes of names and descriptions, and the creations. */
export function nameChanges({
  differences,
  desired,
  live,
}: Pick<DeriveInput, 'differences' | 'desired' | 'live'>): NameChanges {
  const wanted = differences.flatMap((difference): NameChange[] => {
    if (difference.kind === 'role-missing') return [{ before: null, after: difference.after }];
    return difference.kind === 'text' ? [{ before: difference.before, after: difference.after }] : [];
  });
  const deleted = differences.flatMap((one) => (one.kind === 'role-extra' ? [one.before.name] : []));
  const taken = takenNames(wanted, live.roles.values());
  const { steps, late } = waitForDeletes(orderRenames(wanted, live.roles.values()), deleted, ({ role }) =>
    temporaryName(role.id, taken),
  );
  const changeOf = new Map(steps.map((step) => [step, nameChange(step, desired)]));
  const changesIf = (wanted: (step: NameStep) => boolean): ChangeDraft[] =>
    [...changeOf].flatMap(([step, change]) => (wanted(step) ? [change] : []));
  const find = stepFinder(steps);
  const changesOf = (ref: StepRef): readonly ChangeDraft[] => [changeOf.get(find(ref)) ?? []].flat();
  const waitsFor = new Map([...changeOf].map(([step, change]) => [change, step.waitsFor.flatMap(changesOf)]));
  return {
    changes: changesIf((step) => !late.has(step)),
    late: changesIf((step) => late.has(step)),
    waitsFor,
  };
}

function nameChange(step: NameStep, desired: DesiredTarget): ChangeDraft {
  const { role, after } = step;
  if (step.before) {
    return {
      kind: 'role.update',
      step: step.temporary ? 'temporary' : null,
      role: role.name,
      roleId: step.role.id,
      before: step.before,
      after,
    };
  }
  const start = desired.starts.get(role.key);
  if (!start) throw new TypeError(`no start for ${role.key}`);
  return {
    kind: 'role.create',
    step: null,
    role: role.name,
    roleId: step.role.key,
    before: null,
    after: {
      ...after,
      startsFrom: { name: start.from.name, roleId: start.from.id },
      grants: start.grants,
    },
  };
}
