import { shownName } from '../../model/quoted-name.js';
import { isSystemRole, isSystemRoleName, SYSTEM_ROLES } from '../../model/role.js';
import { problem, type Problem } from '../../problem/problem.js';
import type { DraftRole } from '../draft/draft.js';
import type { Rule } from './rule.js';

/** Keys that change a role itself. */
const CHANGES = ['description', 'basedOn', 'renamedFrom', 'grants'] as const;

/** System roles cannot be edited (docs/reference/domo-api.md). */
export const systemRolesAreUnedited: Rule = {
  rule: 'a system role is given members and nothing else',
  check: (draft) => [
    ...[...draft.roles.values()].flatMap((role) =>
      isSystemRoleName(role.name) ? editsOf(role) : disguisesOf(role),
    ),
    ...draft.removed.flatMap(({ value, at }) =>
      isSystemRoleName(value)
        ? [
            problem('system-role', `role ${shownName(value)} is a system role and cannot be removed`, {
              where: at,
              hint: 'remove it from this list',
            }),
          ]
        : [],
    ),
  ],
};

function editsOf(role: DraftRole): Problem[] {
  const problems = CHANGES.flatMap((key) => {
    const at = role.keys.get(key);
    if (!at) return [];
    const message = `role ${shownName(role.name)} is a system role and cannot be given ${shownName(key)}`;
    return [
      problem('system-role', message, {
        where: at,
        hint: 'keep only its members, or create a role with another name',
      }),
    ];
  });
  const id = isSystemRoleName(role.name) ? SYSTEM_ROLES[role.name] : null;
  if (role.id && role.id.value !== id) {
    const message = `role ${shownName(role.name)} is a system role, whose id is ${id}, not ${role.id.value}`;
    problems.push(problem('system-role', message, { where: role.id.at, hint: 'leave the id out' }));
  }
  return problems;
}

function disguisesOf(role: DraftRole): Problem[] {
  const problems: Problem[] = [];
  if (role.id && isSystemRole(role.id.value)) {
    const message = `role ${shownName(role.name)} pins id ${role.id.value}, a system role, which cannot be renamed`;
    problems.push(problem('system-role', message, { where: role.id.at, hint: 'remove the id' }));
  }
  for (const { value, at } of role.renamedFrom) {
    if (!isSystemRoleName(value)) continue;
    const message = `role ${shownName(role.name)} is renamed from ${shownName(value)}, a system role, which cannot be renamed`;
    problems.push(
      problem('system-role', message, {
        where: at,
        hint: `to start as a copy of it write basedOn: ${value}`,
      }),
    );
  }
  return problems;
}
