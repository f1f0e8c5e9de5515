import type { Desired } from '../desired/desired.js';
import type { Dependencies } from '../model/closure.js';
import { without } from '../model/closure.js';
import type { Grant } from '../model/grant.js';
import { byCodeUnit } from '../model/grant.js';
import { personAt } from '../model/person.js';
import { SYSTEM_ROLES } from '../model/role.js';
import type { Role, RoleKey } from '../model/role.js';
import { roleAt } from '../model/state.js';
import type { Draft, GrantsSet, MembersMove, Move } from './change.js';
import type { DeriveInput } from './derive-input.js';
import { ids, linkChanges } from './link.js';
import { orderNames } from './names.js';
import type { NameStep } from './names.js';
import { passingThrough } from './passing.js';
import type { Passing } from './passing.js';
import { planRoleId } from './plan-role-id.js';
import { settingChanges } from './settings-changes.js';
import { splitGrants, stageGrants } from './stage.js';
import type { StagedWrite } from './stage.js';

/** What waits for the very end, because it takes `authorization.roles` from the acting person. */
export interface Last {
  /** The acting person's own move. */
  move: boolean;
  /** The last write of this role's grants. */
  grants: RoleKey | null;
  /** Split that role's write, so that only what must wait does. */
  split: boolean;
}

/** Nothing waits. */
export const NOTHING_LAST: Last = { move: false, grants: null, split: false };

/**
 * Differences as changes, in the order in which they are applied (design section 5):
 *
 *   names ─> allowlist, default (early) ─> grants before moves ─> moves ─> grants after moves
 *         ─> default, allowlist ─> deletes ─> what takes the acting person's own power
 *
 * An arrow between two changes of one object, or of people who pass through it, is in `dependsOn`.
 */
export function deriveChanges(input: DeriveInput, last: Last): Draft[] {
  const names = nameChanges(input);
  const settings = settingChanges(input);
  const grants = grantChanges(input, last);
  const moves = moveChanges(input, last);
  const deletes = deleteChanges(input);

  const body: Draft[] = [
    ...names,
    ...settings.early,
    ...grants.filter((change) => change.stage === 'before-moves'),
    ...moves.filter((change) => !isLast(change)),
    ...grants.filter((change) => change.stage === 'after-moves'),
    ...settings.late,
    ...deletes,
  ];
  const end: Draft[] = [...grants.filter((change) => change.stage === 'last'), ...moves.filter(isLast)];
  const all = [...body, ...end];
  const linked = linkChanges(all, input);
  // What takes the acting person's power waits for everything else: were it done first, the rest would be refused.
  const bodyIds = body.map((change) => change.id);
  return linked.map((change) =>
    end.some((one) => one.id === change.id)
      ? { ...change, dependsOn: ids([...change.dependsOn, ...bodyIds]) }
      : change,
  );
}

function isLast(change: MembersMoveDraft): boolean {
  return change.id.endsWith('~last');
}

type MembersMoveDraft = Omit<MembersMove, 'risk' | 'requests'>;
type GrantsDraft = Omit<GrantsSet, 'risk' | 'requests'>;

function nameChanges({ differences, desired, live }: DeriveInput): Draft[] {
  const named = differences.flatMap((difference): { before: Role | null; after: Role }[] => {
    if (difference.kind === 'role-missing') return [{ before: null, after: difference.after }];
    return difference.kind === 'text' ? [{ before: difference.before, after: difference.after }] : [];
  });
  return orderNames(named, live.roles.values()).map((step) => nameChange(step, desired));
}

function nameChange({ id, key, before, after, dependsOn }: NameStep, desired: Desired): Draft {
  const role = roleAt(desired.state, key);
  if (before) {
    return { id, kind: 'role.update', role: role.name, roleId: role.id ?? 0, before, after, dependsOn };
  }
  const start = desired.starts.get(key);
  if (!start) throw new TypeError(`no start for ${key}`);
  return {
    id,
    kind: 'role.create',
    role: role.name,
    roleId: `new:${role.name}`,
    before: null,
    after: {
      ...after,
      startsFrom: { name: start.from.name, roleId: start.from.id ?? SYSTEM_ROLES.Social },
      grants: start.grants,
    },
    dependsOn,
  };
}

function grantChanges(input: DeriveInput, last: Last): GrantsDraft[] {
  const { desired, differences, dependencies } = input;
  const changes: GrantsDraft[] = [];
  const passing = passingThrough(input);
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
  { passing, dependencies, last }: { passing: Passing; dependencies: Dependencies; last: Last },
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

type GrantStageWrite = Omit<StagedWrite, 'stage'> & { stage: GrantsSet['stage'] };

function stagedChanges(
  role: Role,
  before: readonly Grant[],
  writes: readonly GrantStageWrite[],
): GrantsDraft[] {
  let held = before;
  return writes.map(({ stage, grants, note }) => {
    const change: GrantsDraft = {
      id: writes.length > 1 ? `grants.set:${role.name}~${stage}` : `grants.set:${role.name}`,
      kind: 'grants.set',
      role: role.name,
      roleId: planRoleId(role),
      before: held,
      after: grants,
      stage,
      note,
      dependsOn: [],
    };
    held = grants;
    return change;
  });
}

function moveChanges(
  { differences, desired, live, flows, people }: DeriveInput,
  last: Last,
): MembersMoveDraft[] {
  const me = flows.find((flow) => flow.me)?.people[0] ?? null;
  const byTarget = new Map<string, { role: Role; late: boolean; moves: Move[] }>();
  for (const difference of differences) {
    if (difference.kind !== 'placement') continue;
    const late = last.move && difference.person === me;
    const role = roleAt(desired.state, difference.to);
    const from = roleAt(live, difference.from);
    const id = `members.move:${role.name}${late ? '~last' : ''}`;
    const entry = byTarget.get(id) ?? { role, late, moves: [] };
    entry.moves.push({
      id: difference.person,
      email: personAt(people, difference.person)?.email ?? null,
      from: from.name,
      fromId: from.id ?? 0,
      why: desired.why.get(difference.person) ?? 'listed',
    });
    byTarget.set(id, entry);
  }
  return [...byTarget]
    .sort(([, a], [, b]) => Number(a.late) - Number(b.late) || byCodeUnit(a.role.name, b.role.name))
    .map(([id, { role, moves }]) => {
      const counts = new Map<string, number>();
      for (const move of moves) counts.set(move.from, (counts.get(move.from) ?? 0) + 1);
      return {
        id,
        kind: 'members.move',
        role: role.name,
        roleId: planRoleId(role),
        before: [...counts]
          .sort(([a], [b]) => byCodeUnit(a, b))
          .map(([name, count]) => ({ role: name, people: count })),
        after: { role: role.name, people: moves.length },
        people: moves.sort((a, b) => a.id - b.id),
        dependsOn: [],
      };
    });
}

function deleteChanges({ differences }: DeriveInput): Draft[] {
  return differences.flatMap((difference): Draft[] => {
    if (difference.kind !== 'role-extra') return [];
    const { name, description, grants, id } = difference.before;
    return [
      {
        id: `role.delete:${name}`,
        kind: 'role.delete',
        role: name,
        roleId: id ?? 0,
        before: { name, description, grants },
        after: null,
        dependsOn: [],
      },
    ];
  });
}
