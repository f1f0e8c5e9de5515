import type { DesiredTarget } from '../../desired/desired.js';
import type { Dependencies } from '../../model/closure.js';
import { without } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { personAt } from '../../model/person.js';
import { planRoleId } from '../../model/role.js';
import type { Role, RoleKey } from '../../model/role.js';
import { roleAt } from '../../model/state.js';
import type { OrderedChange, GrantStage, Move, ChangeDraft, ChangeDraftOf } from '../change.js';
import type { DeriveInput } from './derive-input.js';
import { linkChanges } from './dependencies.js';
import { orderRenames } from './order-renames.js';
import type { NameChange, NameStep } from './order-renames.js';
import { transitionsOf } from './transitions.js';
import type { Transition } from './transitions.js';
import { settingChanges } from './settings-changes.js';
import { splitGrants, stageGrants } from './stage-grants.js';
import type { StagedWrite } from './stage-grants.js';

/** What waits for the very end, because it takes `authorization.roles` from the acting person. */
export interface DeferredChanges {
  /** The acting person's own move. */
  move: boolean;
  /** The last write of this role's grants. */
  grants: RoleKey | null;
  /** Split that role's write, so that only what must wait does. */
  split: boolean;
}

/** Nothing waits. */
export const NOTHING_DEFERRED: DeferredChanges = { move: false, grants: null, split: false };

/**
 * Differences as changes, in the order in which they are applied:
 *
 *   names ─> allowlist, default (early) ─> grants before moves ─> moves ─> grants after moves
 *         ─> default, allowlist ─> deletes ─> what takes the acting person's own power
 *
 * An arrow between two changes of one object, or of people who pass through it, is in `dependsOn`.
 */
export function deriveChanges(input: DeriveInput, last: DeferredChanges): OrderedChange[] {
  const names = nameChanges(input);
  const settings = settingChanges(input);
  const grants = grantChanges(input, last);
  const moves = moveChanges(input, last);
  const staged = (stage: GrantStage): ChangeDraft[] => grants.filter((change) => change.stage === stage);

  const body: ChangeDraft[] = [
    ...names.changes,
    ...settings.early,
    ...staged('before-moves'),
    ...moves.filter(({ step }) => step !== 'last'),
    ...staged('after-moves'),
    ...settings.late,
    ...deleteChanges(input),
  ];
  const end: ChangeDraft[] = [...staged('last'), ...moves.filter(({ step }) => step === 'last')];
  return linkChanges({ body, end, waitsFor: names.waitsFor }, input);
}

interface NameChanges {
  changes: ChangeDraft[];
  /** For each of them the changes that must be done first. */
  waitsFor: ReadonlyMap<ChangeDraft, readonly ChangeDraft[]>;
}

function nameChanges({ differences, desired, live }: DeriveInput): NameChanges {
  const named = differences.flatMap((difference): NameChange[] => {
    if (difference.kind === 'role-missing') return [{ before: null, after: difference.after }];
    return difference.kind === 'text' ? [{ before: difference.before, after: difference.after }] : [];
  });
  const steps = orderRenames(named, live.roles.values());
  const made = new Map(steps.map((step) => [step, nameChange(step, desired)]));
  const waitsFor = new Map(
    [...made].map(([step, change]) => [change, step.waitsFor.flatMap((first) => made.get(first) ?? [])]),
  );
  return { changes: [...made.values()], waitsFor };
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

type GrantsDraft = ChangeDraftOf<'grants.set'>;
type MoveDraft = ChangeDraftOf<'members.move'>;

function grantChanges(input: DeriveInput, last: DeferredChanges): GrantsDraft[] {
  const { desired, differences, dependencies } = input;
  const changes: GrantsDraft[] = [];
  const passing = transitionsOf(input);
  for (const difference of differences) {
    let before: readonly Grant[];
    let role: Role;
    if (difference.kind === 'grants') {
      before = difference.before.grants;
      role = difference.after;
    } else if (difference.kind === 'role-missing') {
      role = difference.after;
      before = desired.starts.get(role.key)?.grants ?? [];
      if (without(before, role.grants).length === 0 && without(role.grants, before).length === 0) continue;
    } else continue;
    changes.push(
      ...stagedChanges(
        role,
        before,
        writesOf(role, before, { passing: passing(role.key), dependencies, last }),
      ),
    );
  }
  return changes;
}

function writesOf(
  role: Role,
  before: readonly Grant[],
  { passing, dependencies, last }: { passing: Transition; dependencies: Dependencies; last: DeferredChanges },
): GrantStageWrite[] {
  const stageInput = { before, after: role.grants, ...passing, dependencies };
  if (last.grants !== role.key) return stageGrants(stageInput);
  const writes = last.split ? splitGrants(stageInput) : [];
  const first = writes.length > 1 ? writes.slice(0, 1) : [];
  return [
    ...first,
    {
      stage: 'last',
      grants: role.grants,
      note: 'comes after everything else: it takes authorization.roles from the acting person',
    },
  ];
}

type GrantStageWrite = Omit<StagedWrite, 'stage'> & { stage: GrantStage };

function stagedChanges(
  role: Role,
  before: readonly Grant[],
  writes: readonly GrantStageWrite[],
): GrantsDraft[] {
  let held = before;
  return writes.map(({ stage, grants, note }) => {
    const change: GrantsDraft = {
      kind: 'grants.set',
      step: writes.length > 1 ? stage : null,
      role: role.name,
      roleId: planRoleId(role),
      before: held,
      after: grants,
      stage,
      note,
    };
    held = grants;
    return change;
  });
}

/** A move into one role: of those who go with the rest, or of the acting person, who goes last. */
interface Arrivals {
  role: Role;
  step: MoveDraft['step'];
  moves: Move[];
}

function moveChanges(input: DeriveInput, last: DeferredChanges): MoveDraft[] {
  const me = input.cohorts.find((flow) => flow.me)?.people[0] ?? null;
  const plain = new Map<RoleKey, Arrivals>();
  const late: Arrivals[] = [];
  for (const difference of input.differences) {
    if (difference.kind !== 'placement') continue;
    const role = roleAt(input.desired.state, difference.to);
    const move = moveOf(difference, input);
    if (last.move && difference.person === me) {
      late.push({ role, step: 'last', moves: [move] });
      continue;
    }
    const entry = plain.get(role.key) ?? { role, step: null, moves: [] };
    entry.moves.push(move);
    plain.set(role.key, entry);
  }
  const sorted = [...plain.values()].sort((a, b) => byCodeUnit(a.role.name, b.role.name));
  return [...sorted, ...late].map(moveChange);
}

function moveOf(
  { person, from: fromKey }: { person: number; from: RoleKey },
  { desired, live, people }: DeriveInput,
): Move {
  const from = roleAt(live, fromKey);
  return {
    id: person,
    email: personAt(people, person)?.email ?? null,
    from: from.name,
    fromId: from.id,
    why: desired.why.get(person) ?? 'listed',
  };
}

function moveChange({ role, step, moves }: Arrivals): MoveDraft {
  const counts = new Map<number, { role: string; people: number }>();
  for (const { from, fromId } of moves)
    counts.set(fromId, { role: from, people: (counts.get(fromId)?.people ?? 0) + 1 });
  return {
    kind: 'members.move',
    step,
    role: role.name,
    roleId: planRoleId(role),
    before: [...counts]
      .sort(([one, a], [other, b]) => byCodeUnit(a.role, b.role) || one - other)
      .map(([, count]) => count),
    after: { role: role.name, people: moves.length },
    people: moves.sort((a, b) => a.id - b.id),
  };
}

function deleteChanges({ differences }: DeriveInput): ChangeDraft[] {
  return differences.flatMap((difference): ChangeDraft[] => {
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
