import type { Grant } from '../model/grant.js';
import type { NewRoleId, PlanRoleId } from '../model/role-id.js';
import type { MoveReason } from '../model/standing.js';
import type { ChangeId, ChangeStep } from './change-id.js';

export type { ChangeId } from './change-id.js';

export type { PlanRoleId } from '../model/role-id.js';
export type { PlannedRequest, RequestCondition } from '../model/planned-request.js';
import type { PlannedRequest } from '../model/planned-request.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** How closely a reviewer should look at a change, and why. */
export interface Risk {
  level: 'low' | 'medium' | 'high' | 'highest';
  /** Plain sentences, without a full stop; empty for low. */
  reasons: readonly string[];
}

/** A person who moves. `from` names a role of the live state. */
export interface Move {
  id: PersonId;
  email: string | null;
  /** The name of their current role. */
  from: string;
  fromId: RoleId;
  why: MoveReason;
  /** The `until` of the entry that moves them in, or that has ended; null if the entry has none. */
  until: string | null;
}

/** The fields of every change. */
interface ChangeBase {
  id: ChangeId;
  /**
   * Which step of several this is. `before-moves`, `after-moves`, `last`: one of two writes of a role's
   * grants. `temporary`: a role takes a temporary name on its way to another. `early`: roles leave the
   * allowlist before grants are written. `last`: the acting person's own move, after everything else.
   * Null for all other changes.
   */
  step: ChangeStep | null;
  /** End-state name of the changed role (for a move, the target); null for the allowlist. For a deleted role, its live name. */
  role: string | null;
  /** Null only for the allowlist. */
  roleId: PlanRoleId | null;
  /** Ids of changes that must be done first. Sorted. */
  dependsOn: readonly ChangeId[];
  risk: Risk;
  requests: readonly PlannedRequest[];
}

/** The name and description of a role. */
export interface RoleText {
  name: string;
  description: string;
}

/** When in the order a role's grants are written. */
export type GrantStage = 'before-moves' | 'after-moves' | 'last';

export interface RoleCreate extends ChangeBase {
  kind: 'role.create';
  roleId: NewRoleId;
  step: null;
  before: null;
  /**
   * `startsFrom` is the live role whose grants it starts with (`fromRoleId`); `grants` are those grants,
   * sorted. An instance may ignore `fromRoleId`: if no `grants.set` for the role follows, the applier
   * reads the new role's own list and sets it if it differs.
   */
  after: RoleText & { startsFrom: { name: string; roleId: RoleId }; grants: readonly Grant[] };
}

export interface RoleUpdate extends ChangeBase {
  kind: 'role.update';
  roleId: RoleId;
  step: 'temporary' | null;
  before: RoleText;
  /** The first of two steps sets a temporary name here: in a cycle of renames, or before the deletes. */
  after: RoleText;
}

/** Does this change give a role a temporary name? */
export function isTemporary(change: Change): change is RoleUpdate {
  return change.kind === 'role.update' && change.step === 'temporary';
}

export interface GrantsSet extends ChangeBase {
  kind: 'grants.set';
  roleId: PlanRoleId;
  /** Null if the role's grants are written once. */
  step: GrantStage | null;
  /** Sorted. For a role created by this plan, its expected starting grants. */
  before: readonly Grant[];
  /** Sorted; exactly what is sent. */
  after: readonly Grant[];
  /** Its stage in the order, even if it is the only write. */
  stage: GrantStage;
  /** A sentence that explains its place in the order; null if no explanation is needed. */
  note: string | null;
}

export interface MembersMove extends ChangeBase {
  kind: 'members.move';
  roleId: PlanRoleId;
  step: 'last' | null;
  /** The number of people from each role, sorted by name. */
  before: readonly { role: string; people: number }[];
  after: { role: string; people: number };
  /** Sorted by id. */
  people: readonly Move[];
}

/** The people that these changes move, in order. */
export function movesOf(changes: readonly (Change | OrderedChange)[]): Move[] {
  return changes.flatMap((change) => (change.kind === 'members.move' ? change.people : []));
}

export interface DefaultRoleSet extends ChangeBase {
  kind: 'defaultRole.set';
  roleId: PlanRoleId;
  step: null;
  before: string;
  after: string;
  /** The allowlist at that moment: the request contains it if it is on. */
  allowlistIds: readonly PlanRoleId[] | 'off' | 'unreadable';
}

/** The allowlist as names, or off. */
type AllowlistNames = readonly string[] | 'off';

export interface AllowlistSet extends ChangeBase {
  kind: 'allowlist.set';
  role: null;
  roleId: null;
  step: 'early' | null;
  before: AllowlistNames;
  after: AllowlistNames;
  /** The same as ids, and the default role at that moment: the request contains both. */
  afterIds: readonly PlanRoleId[] | null;
  defaultRoleId: PlanRoleId;
}

export interface RoleDelete extends ChangeBase {
  kind: 'role.delete';
  roleId: RoleId;
  step: null;
  before: RoleText & { grants: readonly Grant[] };
  after: null;
}

/** One step of a plan. */
export type Change =
  RoleCreate | RoleUpdate | GrantsSet | MembersMove | DefaultRoleSet | AllowlistSet | RoleDelete;

export type ChangeKind = Change['kind'];

type Without<C, K extends PropertyKey> = C extends unknown ? Omit<C, K> : never;

/** A change without risk and requests, which are computed once the order is known. */
export type OrderedChange = Without<Change, 'risk' | 'requests'>;

/** A change without an id and without dependencies on other changes. */
export type ChangeDraft = Without<OrderedChange, 'id' | 'dependsOn'>;

/** A draft of one kind. */
export type ChangeDraftOf<K extends ChangeKind> = Extract<ChangeDraft, { kind: K }>;
