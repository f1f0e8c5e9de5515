import { oneLine } from '../http/redact.js';
import { featureNames, grantList, type CatalogueEntry, type Grant } from '../model/grant.js';
import type { RoleId } from '../model/ids.js';
import { knownDependencies } from '../model/known-dependencies.js';
import { byCodeUnit, sortedUnique } from '../model/sort.js';
import { badAnswer, flagFrom, idFrom, listFrom, textFrom, textOf, type Description } from './parse-values.js';
import type { WireRecord } from './wire.js';

/** Returns the catalogue, sorted by grant, and its matrix: role id → grants, sorted. */
export function catalogueFrom(wire: readonly WireRecord[]): {
  catalogue: CatalogueEntry[];
  matrix: Map<RoleId, Grant[]>;
} {
  if (wire.length > 0 && !wire.some(({ roleIds }) => Array.isArray(roleIds))) {
    throw badAnswer('the catalogue of grants does not list the roles that hold them');
  }
  const catalogue: CatalogueEntry[] = [];
  const matrix = new Map<RoleId, Grant[]>();
  const lacksDependencies = wire.every(({ dependsOnAuthorities }) => (dependsOnAuthorities ?? null) === null);
  const entries = wire.map((raw) => ({ entry: entryFrom(raw, lacksDependencies), roleIds: raw.roleIds }));
  // Sorted by grant, so that the grants of every role are sorted too.
  for (const { entry, roleIds } of entries.sort((a, b) => byCodeUnit(a.entry.grant, b.entry.grant))) {
    const { grant } = entry;
    if (roleIds === undefined) throw badAnswer(`${grantText(grant)} does not list the roles that hold it`);
    if (catalogue.at(-1)?.grant !== grant) catalogue.push(entry);
    for (const roleId of listFrom(roleIds, () => `the roles of ${grantText(grant)}`)) {
      const id = idFrom(roleId, 'a role that holds a grant');
      const held = matrix.get(id);
      if (!held) matrix.set(id, [grant]);
      else if (held.at(-1) !== grant) held.push(grant);
    }
  }
  return { catalogue, matrix };
}

/** `lacksDependencies` is true for the catalogue of an older instance, which lists no dependencies at all. */
function entryFrom(raw: WireRecord, lacksDependencies: boolean): CatalogueEntry {
  const { authority } = raw;
  if (typeof authority !== 'string' || authority === '')
    throw badAnswer('a grant of the catalogue has no name');
  const describe = (part: string) => (): string => `the ${part} of ${grantText(authority)}`;
  const title = textFrom(raw.title, describe('title')).trim();
  return {
    grant: authority,
    title: title === '' ? authority : title,
    group: textFrom(raw.authorityUIGroup, describe('group')),
    dependsOn: lacksDependencies
      ? knownDependencies(authority)
      : grantsFrom(raw.dependsOnAuthorities ?? [], describe('dependencies')),
    adminLevel: flagFrom(raw.adminLevel, describe('admin level')),
    features: featuresFrom(raw.dependsOnFeature, describe('features')),
  };
}

function grantText(grant: Grant): string {
  return `grant ${oneLine(grant, 60)}`;
}

/** Reads one name, several names separated by spaces, or a list. */
function featuresFrom(value: unknown, what: Description): string[] {
  if (!Array.isArray(value)) return featureNames(textFrom(value, what));
  const names = value.map((name) => textFrom(name, what));
  return sortedUnique(names.filter((name) => name !== ''));
}

/** Returns a list of grants, sorted, without duplicates. */
export function grantsFrom(value: unknown, what: Description): Grant[] {
  return grantList(
    listFrom(value, what).map((grant) => {
      if (typeof grant !== 'string' || grant === '')
        throw badAnswer(`${textOf(what)} contain something that is not a grant`);
      return grant;
    }),
  );
}
