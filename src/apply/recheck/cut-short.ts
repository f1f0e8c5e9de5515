import { needsGrantsRead } from '../../live/completeness.js';
import type { LiveReader } from '../../live/reader.js';
import { grantsWithout } from '../../model/closure.js';
import type { RoleId } from '../../model/ids.js';
import { quotedName } from '../../model/quoted-name.js';
import type { LiveRole } from '../../model/snapshot.js';
import { ProblemError } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import { incompleteList } from '../../routes/paging.js';
import { grantsText, sameGrants } from '../compare-grants.js';
import type { StaleField } from './stale-plan.js';

/**
 * Raises `short-list` for roles that look changed only because their own list was cut short: the list declares no total,
 * so a cut one looks like a change of the role, and every new plan would be stale too. It was cut short if it still lacks
 * grants while the catalogue lists what the plan recorded and the count of grants agrees.
 */
export async function throwIfCutShort(stale: readonly StaleField[], reader: LiveReader): Promise<void> {
  const shrunk = stale.flatMap(shrunkRole);
  if (shrunk.length === 0) return;
  const { roles } = await reader.readCore();
  const problems: Problem[] = [];
  for (const { id, before } of shrunk) {
    const role = roles.find((one) => one.id === id);
    if (!role || needsGrantsRead(role, before) || !sameGrants(role.grants, before)) continue;
    problems.push(...cutShort(role, await reader.readRoleGrants(id)));
  }
  if (problems.length > 0) throw new ProblemError(problems);
}

/** The role of a field that shows a smaller list of grants than recorded. */
function shrunkRole({ of, field, before, now }: StaleField): { id: RoleId; before: readonly string[] }[] {
  if (of.kind !== 'role' || field !== 'grants' || !Array.isArray(before) || !Array.isArray(now)) return [];
  const recorded = before as readonly string[];
  return grantsWithout(now as readonly string[], recorded).length === 0
    ? [{ id: of.roleId, before: recorded }]
    : [];
}

function cutShort({ name, grants }: LiveRole, own: readonly string[]): readonly Problem[] {
  const lacking = grantsWithout(grants, own);
  if (lacking.length === 0) return [];
  const how = `it lacks ${grantsText(lacking)}, which the catalogue lists for the role`;
  return incompleteList({ what: `grants of role ${quotedName(name)}` }, how).problems;
}
