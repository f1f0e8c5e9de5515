import { addTo } from '../../model/group.js';
import { byCodeUnit } from '../../model/sort.js';
import type { Grant } from '../../model/grant.js';
import { endedText, moveNote } from './moves.js';
import { isSetting } from '../../plan/change-kinds.js';
import { movesOf } from '../../plan/change.js';
import type { Change, Move, PlanRoleId, Risk } from '../../plan/change.js';
import type { Plan, PlanPerson } from '../../plan/plan.js';
import type { Drift } from '../../drift/drift.js';
import { attributionOfAll } from './attribution.js';
import { ownerLookup } from './owners.js';
import { eachRisk, joinRisks, riskRank } from './risks.js';
import { roleLabels, type RoleLabel, type RoleLabels } from './role-labels.js';
import type { PlanDocument, RoleState } from '../vocabulary.js';

/** All facts of a document about one role. For drift, directions are reversed: from the manifest to live state. */
export interface RoleView {
  /** The role's id in the document as text; unique per view. */
  key: string;
  roleId: PlanRoleId;
  /** End-state name; for a deleted role, the live one. Raw text. */
  name: string;
  /** The live name if it changes, else null. Raw text. */
  liveName: string | null;
  /** The owner; null if the manifest names none. Raw text. */
  owner: string | null;
  /** `new`: not live. `deleted`: not wanted. */
  state: RoleState;
  /** Name of the role whose grants a new one starts with; plans only. */
  startsFrom: string | null;
  description: { before: string; after: string } | null;
  /** Null if grants do not change. `added` and `removed` are reversed for drift. */
  grants: { added: readonly Grant[]; removed: readonly Grant[]; kept: readonly Grant[] } | null;
  /** Explains the order of writes; plans only. */
  notes: readonly string[];
  /** People that move into the role; plans only. */
  arrivals: readonly Arrival[];
  /** The numbers of people who leave, by target role; plans only. */
  leavers: readonly Leavers[];
  /** People who are listed and not in the role, with the role that they are in; drift only. */
  missing: readonly (PlanPerson & { role: RoleLabel })[];
  /** People who are in the role and should not be, with the role that lists them; drift only. */
  extra: readonly (PlanPerson & { role: RoleLabel | null; ended: string | null })[];
  /** The highest risk level, with all reasons; low for drift, which proposes no changes. */
  risk: Risk;
  /** Each reason with its level, the highest first; empty for low. */
  risks: readonly { level: Risk['level']; reason: string }[];
  /** Ids of its changes, in order. */
  changes: readonly string[];
  /** `ana@acme.com, 2026-01-31 08:15 UTC`; drift only. */
  attribution: readonly string[];
}

/** A person who moves into a role. */
interface Arrival extends PlanPerson {
  /** The role that they leave. */
  from: RoleLabel;
  /** The reason in brackets; '' if the role lists them without an end. */
  note: string;
}

/** People who leave a role for another one. */
interface Leavers {
  role: RoleLabel;
  people: number;
}

/** The roles of a document, the riskiest first, then by name. */
export function roleViews(document: PlanDocument): RoleView[] {
  const groups = new Map<PlanRoleId, Change[]>();
  for (const change of document.changes) {
    if (isSetting(change)) continue;
    addTo(groups, change.roleId, change);
  }
  const ownerOf = ownerLookup(document.owners);
  const found = document.kind === 'drift' ? driftViews(document, groups) : planViews(document, groups);
  const views = found.map((view) => ({ ...view, owner: ownerOf(view.roleId) }));
  views.sort(
    (a, b) => riskRank(b.risk) - riskRank(a.risk) || byCodeUnit(a.name, b.name) || byCodeUnit(a.key, b.key),
  );
  return document.kind === 'drift' ? views.map(withoutProposal) : views;
}

type Groups = ReadonlyMap<PlanRoleId, readonly Change[]>;

function planViews(plan: Plan, groups: Groups): RoleView[] {
  const labels = roleLabels(plan);
  const leavers = leaversByRole(plan.changes, labels);
  const losing = rolesLosingPeople(plan);
  return [...new Set([...groups.keys(), ...losing.keys()])].map((roleId) => {
    const changes = groups.get(roleId) ?? [];
    const arrivals = movesOf(changes).map((move) => ({
      id: move.id,
      email: move.email,
      from: labels.live(move.from, move.fromId),
      note: moveNote(move, plan),
    }));
    const view = roleView(roleId, changes);
    const name = changes.length > 0 ? view.name : (losing.get(roleId) ?? '');
    return { ...view, name, arrivals, leavers: leavers.get(roleId) ?? [] };
  });
}

/**
 * The names of roles that people leave because the manifest ends their membership, or that have an owner. Readers look
 * for such a role under its own name, also if nothing else about it changes.
 */
function rolesLosingPeople({ changes, owners }: Plan): Map<PlanRoleId, string> {
  const owned = new Set<PlanRoleId>(owners.map(({ roleId }) => roleId));
  const ends = new Set<Move['why']>(['taken-out', 'expired', 'returns']);
  const moves = movesOf(changes).filter(({ why, fromId }) => ends.has(why) || owned.has(fromId));
  return new Map(moves.map(({ fromId, from }) => [fromId, from]));
}

/** A role may differ in its members alone, by a change that is listed under another role. */
function driftViews(drift: Drift, groups: Groups): RoleView[] {
  const { changes: all, members } = drift;
  const membersOf = new Map(members.map((one) => [one.roleId, one]));
  const labels = roleLabels(drift);
  const roleOf = new Map(movesOf(all).map(({ id, fromId }) => [id, fromId]));
  return [...new Set([...groups.keys(), ...membersOf.keys()])].map((roleId) => {
    const changes = groups.get(roleId) ?? [];
    const { role = '', missing = [], extra = [] } = membersOf.get(roleId) ?? {};
    const view = mirrored(roleView(roleId, changes));
    const ids = new Set([...missing, ...extra].map(({ id }) => id));
    const concerned = all.filter(
      (one) =>
        one.roleId === roleId || (one.kind === 'members.move' && one.people.some(({ id }) => ids.has(id))),
    );
    return {
      ...view,
      name: view.name === '' ? role : view.name,
      missing: missing.map(({ id, email, from }) => ({
        id,
        email,
        role: labels.live(from, roleOf.get(id) ?? roleId),
      })),
      extra: extra.map(({ id, email, to, until }) => ({
        id,
        email,
        role: to === null ? null : labels.end(to),
        ended: until === undefined ? null : endedText(until, drift),
      })),
      attribution: attributionOfAll(concerned),
    };
  });
}

function roleView(roleId: PlanRoleId, changes: readonly Change[]): RoleView {
  const created = changes.find((change) => change.kind === 'role.create');
  const deleted = changes.find((change) => change.kind === 'role.delete');
  const updates = changes.filter((change) => change.kind === 'role.update');
  const was = updates[0]?.before;
  const becomes = updates.at(-1)?.after;
  const name = created?.after.name ?? deleted?.before.name ?? becomes?.name ?? changes[0]?.role ?? '';
  return {
    key: String(roleId),
    roleId,
    name,
    liveName: was && was.name !== name ? was.name : null,
    owner: null,
    state: created ? 'new' : deleted ? 'deleted' : 'changed',
    startsFrom: created?.after.startsFrom.name ?? null,
    description: descriptionOf(created?.after.description, was, becomes),
    grants: grantsOf(changes),
    notes: changes.flatMap((change) =>
      change.kind === 'grants.set' && change.note !== null ? [change.note] : [],
    ),
    arrivals: [],
    leavers: [],
    missing: [],
    extra: [],
    risk: joinRisks(changes.map((change) => change.risk)),
    risks: eachRisk(changes.map((change) => change.risk)),
    changes: changes.map((change) => change.id),
    attribution: attributionOfAll(changes),
  };
}

function descriptionOf(
  created: string | undefined,
  was: { description: string } | undefined,
  becomes: { description: string } | undefined,
): RoleView['description'] {
  const before = was?.description ?? '';
  const after = created ?? becomes?.description ?? '';
  return before === after ? null : { before, after };
}

/** From the list before the first write to the list after the last: several writes count as one. */
function grantsOf(changes: readonly Change[]): RoleView['grants'] {
  const gone = changes.find((change) => change.kind === 'role.delete');
  if (gone) return { added: [], removed: gone.before.grants, kept: [] };
  const created = changes.find((change) => change.kind === 'role.create');
  const writes = changes.filter((change) => change.kind === 'grants.set');
  const wanted = writes.at(-1)?.after ?? created?.after.grants;
  if (!wanted) return null;
  const before = new Set(created ? [] : writes[0]?.before);
  const after = new Set(wanted);
  const added = wanted.filter((grant) => !before.has(grant));
  return {
    added,
    removed: [...before].filter((grant) => !after.has(grant)),
    kept: wanted.filter((grant) => before.has(grant)),
  };
}

/** What a role holds before a write of its grants. No one holds yet what a new role starts with. */
export function grantsHeldBefore({
  roleId,
  before,
}: Extract<Change, { kind: 'grants.set' }>): readonly Grant[] {
  return typeof roleId === 'number' ? before : [];
}

function leaversByRole(changes: readonly Change[], labels: RoleLabels): Map<PlanRoleId, Leavers[]> {
  const leavers = new Map<PlanRoleId, Leavers[]>();
  for (const change of changes) {
    if (change.kind !== 'members.move') continue;
    const counts = new Map<PlanRoleId, number>();
    for (const { fromId } of change.people) counts.set(fromId, (counts.get(fromId) ?? 0) + 1);
    for (const [fromId, people] of counts)
      addTo(leavers, fromId, { role: labels.end(change.after.role), people });
  }
  for (const list of leavers.values()) list.sort((a, b) => byCodeUnit(a.role.name, b.role.name));
  return leavers;
}

/** Reverses a view for drift. A missing role shows none of the things that it would be given. */
function mirrored(view: RoleView): RoleView {
  const { grants, description } = view;
  return {
    ...view,
    description:
      description && view.state === 'changed'
        ? { before: description.after, after: description.before }
        : null,
    grants:
      grants && view.state !== 'new'
        ? { added: grants.removed, removed: grants.added, kept: grants.kept }
        : null,
  };
}

/** The empty values of fields that only plans have. */
function withoutProposal(view: RoleView): RoleView {
  return {
    ...view,
    startsFrom: null,
    notes: [],
    risk: { level: 'low', reasons: [] },
    risks: [],
  };
}
