import type { ManifestRole } from '../../manifest/manifest.js';
import { needHint } from '../../manifest/rules/against-catalogue.js';
import type { Grant } from '../../model/grant.js';
import { grantSet } from '../../model/grant.js';
import { quotedName } from '../../model/quoted-name.js';
import type { RoleKey } from '../../model/role.js';
import { warning } from '../../problem/problem.js';
import type { Problem, Where } from '../../problem/problem.js';
import { fromEntryPath, grantPlace, removePlace } from './compose-grants.js';
import type { ComposeContext } from './compose-grants.js';

/** The input, available once every role's grants are resolved. */
interface DependencyInput extends ComposeContext {
  /** Role name in the manifest → key. */
  keys: ReadonlyMap<string, RoleKey>;
  /** The end-state grants of every role. */
  grants: ReadonlyMap<RoleKey, readonly Grant[]>;
}

/** Warns of grants in a managed list without all of their dependencies. */
export function dependencyWarnings(input: DependencyInput): Problem[] {
  return input.loaded.manifest.roles.flatMap((role) => {
    const key = input.keys.get(role.name);
    const list = key && input.grants.get(key);
    return role.grants && list ? warningsOf(role, list, input) : [];
  });
}

function warningsOf(role: ManifestRole, list: readonly Grant[], input: DependencyInput): Problem[] {
  const held = grantSet(list);
  const found: Problem[] = [];
  // Nearly every list is complete, so nothing is made for a grant whose dependencies are held.
  for (const grant of list)
    for (const need of input.dependencies.needs(grant))
      if (!held.has(need)) found.push(warningOf(role, { grant, need }, input));
  return found;
}

function warningOf(role: ManifestRole, need: Need, input: DependencyInput): Problem {
  return role.grants?.remove.includes(need.need)
    ? removeNeeded(role.name, need, input)
    : missingDependency(role, need, input);
}

/** A grant of a list, and a missing grant that it depends on. */
interface Need {
  grant: Grant;
  need: Grant;
}

function removeNeeded(role: string, { grant, need }: Need, { loaded }: DependencyInput): Problem {
  return warning(
    'remove-needed',
    `role ${quotedName(role)} removes ${quotedName(need)}, which its ${quotedName(grant)} needs`,
    { where: removePlace(loaded, role, need), hint: 'the instance may add it again by itself' },
  );
}

function missingDependency(role: ManifestRole, { grant, need }: Need, input: DependencyInput): Problem {
  return warning(
    'missing-dependency',
    `role ${quotedName(role.name)} has ${quotedName(grant)} without ${quotedName(need)}, which it depends on`,
    { where: originOf(role, grant, input), hint: needHint(grant, need, input.adminLevel) },
  );
}

/** The place of the entry that adds a grant to a list: the grant itself, or the role in `from` that holds it. */
function originOf(role: ManifestRole, grant: Grant, input: DependencyInput): Where | null {
  const { loaded, byName, grants } = input;
  const own = loaded.locateGrant(role.name, grant);
  if (own) return own;
  const source = role.grants?.from.find((name) => {
    const key = byName.get(name);
    return key !== undefined && (grants.get(key)?.includes(grant) ?? false);
  });
  return source === undefined
    ? grantPlace(loaded, role.name, grant)
    : loaded.locate(fromEntryPath(role.name, source));
}
