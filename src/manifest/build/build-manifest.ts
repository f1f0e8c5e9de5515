import { instanceName } from '../../model/instance-name.js';
import { makeInterner, type Interner } from '../../model/interner.js';
import { memoize } from '../../model/memoize.js';
import {
  byPerson,
  DEFAULT_POLICY,
  type AcceptedDrift,
  type DriftSubject,
  type Limit,
  type StatedPolicy,
} from '../../model/policy.js';
import { byCodeUnit } from '../../model/sort.js';
import {
  personText,
  type ManifestDraft,
  type DraftDrift,
  type DraftGrants,
  type DraftPolicy,
  type DraftRole,
  type GrantLayer,
} from '../draft/draft.js';
import type {
  GrantsLayer,
  Manifest,
  ManifestFile,
  ManifestGrants,
  ManifestMember,
  ManifestMembers,
  ManifestRole,
} from '../manifest.js';
import { listedIn } from '../members/compose-members.js';
import { plainPlace, type SourceRange } from '../yaml/yaml-values.js';
import { buildRules } from './build-access-rules.js';
import { sortedPeople, sortedTexts } from './sorted-lists.js';

/** Builds the manifest from a valid draft: sorts lists, expands grant sets, fills in defaults. */
export function buildManifest(draft: ManifestDraft, files: readonly ManifestFile[]): Manifest {
  const allowlist = draft.allowlist?.names ?? null;
  return {
    instance: draft.instance ? instanceName(draft.instance.value) : null,
    defaultRole: draft.defaultRole?.value ?? null,
    allowlist: allowlist === 'off' || allowlist === null ? allowlist : sortedTexts(allowlist),
    roles: rolesBuilder(draft.grantSets)(draft.roles),
    removed: sortedTexts(draft.removed),
    leftAlone: [...draft.leftAlone.keys()].sort(byCodeUnit),
    policy: buildPolicy(draft.policy),
    files,
  };
}

/** Builds roles with these sets, each once: overlays of one base leave most roles unchanged. */
const rolesBuilder = memoize((grantSets: ManifestDraft['grantSets']) => {
  const built = new WeakMap<DraftRole, ManifestRole>();
  return memoize((roles: ManifestDraft['roles']): readonly ManifestRole[] => {
    const share = makeInterner();
    const list = [...roles.values()].map((role) => {
      const made = built.get(role) ?? buildRole(role, { grantSets, share });
      built.set(role, made);
      return made;
    });
    return list.sort((a, b) => byCodeUnit(a.name, b.name));
  });
});

interface RoleContext {
  grantSets: ManifestDraft['grantSets'];
  share: Interner;
}

function buildRole(role: DraftRole, context: RoleContext): ManifestRole {
  return {
    name: role.name,
    id: role.id?.value ?? null,
    description: role.description?.value.trim() ?? null,
    owner: role.owner?.value.trim() ?? null,
    basedOn: role.basedOn?.value ?? null,
    renamedFrom: sortedTexts(role.renamedFrom),
    grants: role.grants ? buildGrants(role.grants, context) : null,
    members: buildMembers(role),
  };
}

function buildGrants(grants: DraftGrants, { grantSets, share }: RoleContext): ManifestGrants {
  const buildLayer = (layer: GrantLayer): GrantsLayer => {
    const sets = layer.sets.flatMap(({ value }) => grantSets.get(value)?.grants ?? []);
    return {
      from: sortedTexts(layer.from),
      add: sortedTexts([...(layer.add ?? []), ...sets]).map(share),
      remove: sortedTexts(layer.remove),
      optional: sortedTexts(layer.optional),
    };
  };
  const removesBelow = grants.layers.slice(0, -1).some(({ remove }) => remove.length > 0);
  const layers = removesBelow ? { layers: grants.layers.map(buildLayer) } : {};
  return { mode: grants.mode, ...buildLayer(grants), ...layers };
}

function buildMembers(role: DraftRole): ManifestMembers | null {
  if (!role.members) return null;
  const people = new Map(
    [...listedIn(role)].reverse().map((member) => [personText(member.ref), memberOf(member)]),
  );
  return { mode: role.members.mode, users: [...people.values()].sort((a, b) => byPerson(a.ref, b.ref)) };
}

/** An entry in the form of the manifest, from its own lists or from a members file. */
function memberOf({ ref, email, until, note, where }: ManifestMember): ManifestMember {
  return { ref, email, until, note, where: where && plainPlace(where) };
}

/** The policy of a draft, with defaults for omitted keys. */
export function buildPolicy(policy: DraftPolicy): StatedPolicy {
  const { maxDeletes, maxMoves, maxGrantChanges } = DEFAULT_POLICY;
  return {
    unmanagedRoles: policy.unmanagedRoles?.value ?? DEFAULT_POLICY.unmanagedRoles,
    removedMembersTo: policy.removedMembersTo?.value ?? null,
    minAdmins: policy.minAdmins?.value ?? DEFAULT_POLICY.minAdmins,
    requiredAdmins: sortedPeople(policy.requiredAdmins ?? []),
    ...buildProtected(policy),
    maxDeletes: limitOf(policy.maxDeletes, maxDeletes),
    maxMoves: limitOf(policy.maxMoves, maxMoves),
    maxGrantChanges: limitOf(policy.maxGrantChanges, maxGrantChanges),
    acceptedDrift: policy.acceptedDrift.map(buildDrift),
    rules: buildRules(policy.rules),
  };
}

function buildProtected({
  protectedGrants,
  besidesDefaults,
}: DraftPolicy): Pick<StatedPolicy, 'protectedGrants' | 'alsoProtected'> {
  const grants = protectedGrants && sortedTexts(protectedGrants);
  return grants && besidesDefaults
    ? { protectedGrants: null, alsoProtected: grants }
    : { protectedGrants: grants };
}

/** A share keeps the minimum of the default; "0%" allows none, like 0. */
function limitOf(limit: SourceRange<number | string> | null, standard: Limit): Limit {
  if (!limit) return standard;
  const percent = typeof limit.value === 'string' ? Number.parseInt(limit.value, 10) : null;
  if (percent === null || percent === 0) return { count: Number(percent ?? limit.value) };
  return { percent, floor: 'floor' in standard ? standard.floor : 0 };
}

function buildDrift(drift: DraftDrift): AcceptedDrift {
  const fields = {
    people: drift.people && sortedPeople(drift.people),
    reason: drift.reason?.value ?? '',
    until: drift.until?.value ?? '',
  };
  if (drift.what?.value === 'rule') {
    const rule = drift.rule?.value ?? '';
    return { role: null, what: 'rule', rule, roles: drift.roles && sortedTexts(drift.roles), ...fields };
  }
  const what = (drift.what?.value ?? 'unmanaged') as DriftSubject;
  return { role: drift.role?.value ?? null, what, ...fields };
}
