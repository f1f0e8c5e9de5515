import type { LoadedManifest, ManifestGrants, ManifestMember, ManifestRole } from '../manifest/manifest.js';
import type { Grant } from '../model/grant.js';
import { refText } from '../model/person.js';
import { LIMIT_KEYS } from '../model/policy.js';
import type { AcceptedDrift, Limit, PersonRef, StatedPolicy } from '../model/policy.js';
import type { Where } from '../problem/problem.js';
import { acceptedAsWritten, limitAsWritten, ruleAsWritten } from './policy-as-written.js';

/** A value of a manifest after all its layers are merged, and the place that sets it. */
export interface EffectiveValue {
  /** The keys that lead to it; the last one of a list item is the item itself. */
  path: readonly string[];
  value: unknown;
  file: string | null;
  line: number | null;
}

/** Returns every value of a manifest with the file and line that set it, in the order of the manifest. */
export function effectiveManifest({ manifest, locate, locateGrant }: LoadedManifest): EffectiveValue[] {
  const at = (path: readonly string[], value: unknown): EffectiveValue => placed(path, value, locate(path));
  const { instance, defaultRole, allowlist, roles, leftAlone, removed, policy } = manifest;
  return [
    ...(instance === null ? [] : [at(['instance'], instance)]),
    ...(defaultRole === null ? [] : [at(['defaultRole'], defaultRole)]),
    ...(allowlist === null ? [] : [at(['allowlist'], allowlist)]),
    ...roles.flatMap((role) => roleValues(role, { at, locateGrant })),
    ...leftAlone.map((name) => at(['roles', name], 'unmanaged')),
    ...removed.map((name) => at(['removed', name], name)),
    ...policyValues(policy, locate),
    // Rules are joined by name: each may come from another file.
    ...policy.rules.map((rule) => at(['policy', 'rules', rule.name], ruleAsWritten(rule))),
  ];
}

/**
 * The values of a policy but for its rules. A value that no file sets is a default, which is left out. Items of a list have
 * places of their own: a policy file adds some.
 */
function policyValues(
  { rules: _, alsoProtected, ...policy }: StatedPolicy,
  locate: LoadedManifest['locate'],
): EffectiveValue[] {
  const set = Object.entries(policy).filter(([key]) => isSet(['policy', key], locate));
  return set.flatMap(([key, value]) => {
    const path = ['policy', key];
    if (key === 'protectedGrants' && alsoProtected !== undefined)
      return [placed(path, { defaults: true, add: alsoProtected }, locate(path))];
    if (LIMITS.has(key)) return [placed(path, limitAsWritten(value as Limit), locate(path))];
    if (!Array.isArray(value) || value.length === 0) return [placed(path, value, locate(path))];
    return value.map((item: unknown, index) => {
      const [name, step, shown] = itemOf(key, item, index);
      return placed([...path, name], shown, locate([...path, step]));
    });
  });
}

const LIMITS: ReadonlySet<string> = new Set(LIMIT_KEYS);

/** The last key of an item, the step that finds its place, and its value. Only entries of accepted drift have no name. */
function itemOf(
  key: string,
  item: unknown,
  index: number,
): [name: string, step: string | number, shown: unknown] {
  if (key === 'acceptedDrift') return [String(index + 1), index, acceptedAsWritten(item as AcceptedDrift)];
  const name = key === 'requiredAdmins' ? refText(item as PersonRef) : String(item);
  return [name, name, name];
}

/** Does the place of a path differ from that of the map around it? */
function isSet(path: readonly string[], locate: LoadedManifest['locate']): boolean {
  return JSON.stringify(locate(path)) !== JSON.stringify(locate(path.slice(0, -1)));
}

interface Locators {
  at: (path: readonly string[], value: unknown) => EffectiveValue;
  locateGrant: LoadedManifest['locateGrant'];
}

function roleValues(role: ManifestRole, { at, locateGrant }: Locators): EffectiveValue[] {
  const path = ['roles', role.name];
  const values = partsOfRole(role, { at, locateGrant });
  // A role of which nothing is managed must still exist.
  return values.length === 0 ? [at(path, {})] : values;
}

function partsOfRole(role: ManifestRole, { at, locateGrant }: Locators): EffectiveValue[] {
  const { name, grants, members } = role;
  const path = ['roles', name];
  const texts = (['id', 'description', 'owner', 'basedOn'] as const).filter((key) => role[key] !== null);
  return [
    ...texts.map((key) => at([...path, key], role[key])),
    ...role.renamedFrom.map((old) => at([...path, 'renamedFrom', old], old)),
    ...(grants === null
      ? []
      : grantValues(grants, { path: [...path, 'grants'], at, placeOf: (grant) => locateGrant(name, grant) })),
    ...(members === null ? [] : [at([...path, 'members', 'mode'], members.mode)]),
    ...(members?.users ?? []).map((member) =>
      placed([...path, 'members', refText(member.ref)], memberValue(member), member.where),
    ),
  ];
}

interface GrantPlaces {
  path: readonly string[];
  at: Locators['at'];
  placeOf: (grant: Grant) => Where | null;
}

function grantValues(grants: ManifestGrants, { path, at, placeOf }: GrantPlaces): EffectiveValue[] {
  const { add, remove, optional } = inEffect(grants);
  return [
    at([...path, 'mode'], grants.mode),
    ...grants.from.map((from) => at([...path, 'from', from], from)),
    ...add.map((grant) => placed([...path, grant], grant, placeOf(grant))),
    ...remove.map((grant) => at([...path, 'remove', grant], grant)),
    ...optional.map((grant) => at([...path, 'optional', grant], grant)),
  ];
}

/** The entries of all layers, without those that a higher layer, or `remove` of the same one, overrides. */
function inEffect(grants: ManifestGrants): Pick<ManifestGrants, 'add' | 'remove' | 'optional'> {
  const last = new Map<Grant, 'add' | 'remove' | 'optional'>();
  for (const { add, optional, remove } of grants.layers ?? [grants]) {
    for (const grant of add) last.set(grant, 'add');
    // A grant that is listed anyway does not become optional.
    for (const grant of optional) if (last.get(grant) !== 'add') last.set(grant, 'optional');
    for (const grant of remove) last.set(grant, 'remove');
  }
  return {
    add: grants.add.filter((grant) => last.get(grant) === 'add'),
    optional: grants.optional.filter((grant) => last.get(grant) === 'optional'),
    remove: grants.remove.filter((grant) => last.get(grant) === 'remove'),
  };
}

/** The person, or a map if the entry has more: the address next to an id, an end, a note. */
function memberValue({ ref, email, until, note }: ManifestMember): unknown {
  const more = {
    ...(email === null || 'email' in ref ? {} : { email }),
    ...(until === null ? {} : { until }),
    ...(note === null ? {} : { note }),
  };
  const person = refText(ref);
  return Object.keys(more).length === 0 ? person : { person, ...more };
}

function placed(path: readonly string[], value: unknown, where: Where | null): EffectiveValue {
  return { path, value, file: where?.file ?? null, line: where?.line ?? null };
}
