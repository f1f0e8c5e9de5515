import { shownName } from '../../model/quoted-name.js';
import { isSystemRoleName } from '../../model/role.js';
import { problem } from '../../problem/problem.js';
import { allowlisted } from '../draft/draft.js';
import { composeDraftGrants, certainlyManagesRoles } from '../draft/role-grants.js';
import type { Place } from '../yaml/yaml-values.js';
import { inOtherFile, type Rule } from './rule.js';

/** The default role stays. */
export const defaultRoleIsKept: Rule = {
  rule: 'the default role is not removed',
  check: (draft) => {
    const name = draft.defaultRole;
    const removal = draft.removed.find(({ value }) => value === name?.value);
    if (!name || !removal) return [];
    const message = `role ${shownName(name.value)} is the default role and is removed${inOtherFile(removal.at, name.at)}`;
    return [problem('default-removed', message, { where: name.at, hint: 'set another default role' })];
  },
};

/**
 * A role that holds `authorization.roles` cannot be on the allowlist or, while the list is on, be the default role
 * (docs/reference/domo-api.md). If the manifest turns the list off, both are possible.
 */
export const settingsExcludeRoleManagers: Rule = {
  rule: 'neither the default role nor a role on the allowlist holds authorization.roles',
  check: (draft) => {
    if (draft.allowlist?.names === 'off') return [];
    const open = [...allowlisted(draft), ...(draft.defaultRole ? [draft.defaultRole] : [])];
    const composed = composeDraftGrants(
      draft,
      open.map(({ value }) => value),
    );
    const hintFor = (role: string): string =>
      isSystemRoleName(role) ? 'use another role' : 'use a role without it, or remove it from this one';
    const placeOf = (role: string, at: Place): string => {
      const found = draft.roles.get(role)?.at;
      return found ? inOtherFile(found, at) : '';
    };
    const onList = allowlisted(draft).flatMap(({ value, at }) => {
      if (!certainlyManagesRoles(composed, value)) return [];
      const message = `role ${shownName(value)}${placeOf(value, at)} holds authorization.roles and cannot be on the allowlist`;
      return [problem('forbidden-on-allowlist', message, { where: at, hint: hintFor(value) })];
    });
    const name = draft.defaultRole;
    if (!name || !certainlyManagesRoles(composed, name.value)) return onList;
    const place = placeOf(name.value, name.at);
    const message = `role ${shownName(name.value)}${place} holds authorization.roles and cannot be the default role`;
    return [problem('forbidden-default', message, { where: name.at, hint: hintFor(name.value) }), ...onList];
  },
};
