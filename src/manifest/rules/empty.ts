import { shownName } from '../../model/quoted-name.js';
import { isSystemRoleName } from '../../model/role.js';
import { problem, type Problem } from '../../problem/problem.js';
import type { ManifestDraft, DraftGrants, DraftMembers, DraftRole } from '../draft/draft.js';
import { EMPTY_HINTS } from '../form/expected-values.js';
import type { Rule } from './rule.js';

/** An empty map form is probably an accident; an intentionally empty list sets its mode. */
export const mapsAreNotEmpty: Rule = {
  rule: 'grants and members have entries, or an empty list with a mode',
  check: (draft) =>
    [...draft.roles.values()].flatMap((role) => [
      ...(role.grants ? emptyGrants(draft, role, role.grants) : []),
      ...(role.members ? emptyMembers(role, role.members) : []),
    ]),
};

function emptyGrants(draft: ManifestDraft, role: DraftRole, grants: DraftGrants): Problem[] {
  if (grants.isList || grants.inherits || grants.layers.length > 1) return [];
  const ofSets = grants.sets.map(({ value }) => draft.grantSets.get(value)?.grants.length ?? 1);
  const weight = grants.entryCount - grants.sets.length + ofSets.reduce((sum, size) => sum + size, 0);
  const onPurpose = grants.mode === 'exact' && grants.hasMode && grants.add !== null;
  if (weight > 0 || onPurpose) return [];
  const message = `"grants" of role ${shownName(role.name)} lists no grants`;
  return [
    problem('empty-value', message, { where: grants.at, hint: EMPTY_HINTS['/roles/*/grants'] ?? null }),
  ];
}

function emptyMembers(role: DraftRole, members: DraftMembers): Problem[] {
  const [layer, ...others] = members.layers;
  if (members.isList || members.inherits || others.length > 0 || members.entryCount > 0) return [];
  const { users = null, file = null, listed = null } = layer ?? {};
  const hint = EMPTY_HINTS['/roles/*/members'] ?? null;
  if (!file) {
    const onPurpose = members.mode === 'exact' && members.hasMode && users !== null;
    const message = `"members" of role ${shownName(role.name)} lists no one`;
    return onPurpose ? [] : [problem('empty-value', message, { where: members.at, hint })];
  }
  const isEmptied = members.mode === 'exact' && users === null && listed?.length === 0;
  if (!isEmptied) return [];
  const message = `the members file of role ${shownName(role.name)} holds no address`;
  const hintForFile = 'add addresses, or write users: [] beside it if the list is meant to be empty';
  return [problem('empty-value', message, { where: file.at, hint: hintForFile })];
}

/** A manifest must manage something. */
export const manifestIsNotEmpty: Rule = {
  rule: 'the manifest manages something, and deletes what is unmanaged only if it names a role',
  check: (draft) => {
    if (!draft.whole) return [];
    const { unmanagedRoles } = draft.policy;
    if (unmanagedRoles?.value === 'delete' && draft.roles.size === 0) {
      const message =
        '"unmanagedRoles: delete" in a manifest that names no role would delete every custom role';
      return [
        problem('manages-nothing', message, { where: unmanagedRoles.at, hint: 'list the roles that stay' }),
      ];
    }
    const roles = [...draft.roles.values()].some(
      // Invalid keys of system roles are reported by another rule; an owner alone manages nothing.
      ({ name, members, keys }) =>
        members !== null || !isSystemRoleName(name) || [...keys.keys()].some((key) => key !== 'owner'),
    );
    const isManaging =
      roles || draft.removed.length > 0 || draft.defaultRole !== null || draft.allowlist !== null;
    if (isManaging) return [];
    const hint = 'add roles, removed, defaultRole or allowlist';
    return [problem('manages-nothing', 'the manifest manages nothing', { where: draft.at, hint })];
  },
};
