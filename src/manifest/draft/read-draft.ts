import { memoize } from '../../model/memoize.js';
import {
  entryOf,
  isText,
  itemsOf,
  startOfRange,
  textOf,
  valueOf,
  type Place,
  type YamlValue,
  type YamlEntry,
  type YamlMap,
  type SourceRange,
} from '../yaml/yaml-values.js';
import type { ManifestDraft, DraftDrift, DraftGrantSet, DraftPolicy, DraftRole, DraftRule } from './draft.js';
import { readGrants, readMembers } from './read-lists.js';
import { limitIn, numberOf, personList, textList } from './read-values.js';

/**
 * Reads the merged tree into typed values. Values of the wrong form are left out; `whole` is false if there are any.
 * `given` names the files that are not bases.
 */
export function readDraft(
  root: YamlMap,
  { whole, given = [root.at.file] }: { whole: boolean; given?: readonly string[] },
): ManifestDraft {
  return {
    whole,
    given: new Set(given),
    at: startOfRange(root.at),
    instance: ofNode.text(valueOf(root, 'instance')),
    defaultRole: ofNode.text(valueOf(root, 'defaultRole')),
    allowlist: ofNode.allowlist(entryOf(root, 'allowlist')),
    grantSets: ofNode.grantSets(valueOf(root, 'grantSets')),
    ...ofNode.roles(valueOf(root, 'roles')),
    removed: ofNode.texts(valueOf(root, 'removed')),
    policy: readPolicy(valueOf(root, 'policy')),
  };
}

function readMap<T>(node: YamlValue | null, read: (entry: YamlEntry, name: string) => T): Map<string, T> {
  const result = new Map<string, T>();
  if (node?.kind === 'map') for (const [name, entry] of node.entries) result.set(name, read(entry, name));
  return result;
}

function readAllowlist(entry: YamlEntry | null): ManifestDraft['allowlist'] {
  if (!entry) return null;
  const { value } = entry;
  if (value.kind === 'list') return { at: entry.keyAt, names: textList(value) };
  const isOff = value.kind === 'scalar' && (value.value === 'off' || value.value === false);
  return isOff ? { at: value.at, names: 'off' } : null;
}

function readGrantSet(entry: YamlEntry): DraftGrantSet {
  return { at: entry.keyAt, grants: textList(entry.value) };
}

/** Reads the roles: each is a map, empty, or marked as unmanaged. */
function readRoles(node: YamlValue | null): Pick<ManifestDraft, 'roles' | 'leftAlone'> {
  const roles = readMap(node, roleOf);
  const leftAlone = new Map<string, Place>();
  for (const [name, { keyAt, value }] of node?.kind === 'map' ? node.entries : []) {
    if (textOf(value)?.value !== 'unmanaged') continue;
    roles.delete(name);
    leftAlone.set(name, keyAt);
  }
  return { roles, leftAlone };
}

/** Roles by their entries: manifests with the same base share its entries. */
const rolesRead = new WeakMap<YamlEntry, DraftRole>();

function roleOf(entry: YamlEntry, name: string): DraftRole {
  const role = rolesRead.get(entry) ?? readRole(entry, name);
  rolesRead.set(entry, role);
  return role;
}

function readRole({ keyAt, value }: YamlEntry, name: string): DraftRole {
  const keys = new Map(
    value.kind === 'map' ? [...value.entries].map(([key, entry]) => [key, entry.keyAt]) : [],
  );
  return {
    name,
    at: keyAt,
    keys,
    id: numberOf(valueOf(value, 'id')),
    description: textOf(valueOf(value, 'description')),
    owner: textOf(valueOf(value, 'owner')),
    basedOn: textOf(valueOf(value, 'basedOn')),
    renamedFrom: textList(valueOf(value, 'renamedFrom')),
    grants: readGrants(entryOf(value, 'grants')),
    members: readMembers(entryOf(value, 'members')),
  };
}

/** Reads a policy: of a manifest, or of a policy file. */
export function readPolicy(node: YamlValue | null): DraftPolicy {
  return {
    unmanagedRoles: ofNode.unmanagedRoles(valueOf(node, 'unmanagedRoles')),
    removedMembersTo: ofNode.text(valueOf(node, 'removedMembersTo')),
    minAdmins: numberOf(valueOf(node, 'minAdmins')),
    requiredAdmins: valueOf(node, 'requiredAdmins') && personList(valueOf(node, 'requiredAdmins')),
    protectedGrants: valueOf(node, 'protectedGrants') && textList(valueOf(node, 'protectedGrants')),
    besidesDefaults: false,
    maxDeletes: limitIn(valueOf(node, 'maxDeletes')),
    maxMoves: limitIn(valueOf(node, 'maxMoves')),
    maxGrantChanges: limitIn(valueOf(node, 'maxGrantChanges')),
    acceptedDrift: ofNode.acceptedDrift(valueOf(node, 'acceptedDrift')),
    rules: ofNode.rules(valueOf(node, 'rules')),
  };
}

function readUnmanaged(node: YamlValue | null): DraftPolicy['unmanagedRoles'] {
  const unmanaged = textOf(node);
  const words = ['ignore', 'report', 'fail', 'delete'] as const;
  const word = words.find((one) => one === unmanaged?.value);
  return unmanaged && word ? { value: word, at: unmanaged.at } : null;
}

function readRule({ keyAt, value }: YamlEntry, name: string): DraftRule {
  const sets = valueOf(value, 'neverTogether');
  return {
    name,
    at: keyAt,
    level: textOf(valueOf(value, 'level')),
    grants: listOf(value, 'grants'),
    role: textOf(valueOf(value, 'role')),
    onlyRoles: listOf(value, 'onlyRoles'),
    maxPeople: numberOf(valueOf(value, 'maxPeople')),
    emails: listOf(value, 'emails'),
    neverTogether: sets && itemsOf(sets).map(textList),
    exceptRoles: textList(valueOf(value, 'exceptRoles')),
    exceptPeople: personList(valueOf(value, 'exceptPeople')),
    whole: isWholeRule(value),
  };
}

/** Can everything be read that limits a rule? Without an exception or an allowed role, it would ask for more. */
function isWholeRule(node: YamlValue): boolean {
  const maxPeople = valueOf(node, 'maxPeople');
  const exceptPeople = valueOf(node, 'exceptPeople');
  return (
    (maxPeople === null || (numberOf(maxPeople)?.value ?? -1) >= 0) &&
    ['onlyRoles', 'emails'].every((key) => isTextList(valueOf(node, key), 1)) &&
    isTextList(valueOf(node, 'exceptRoles'), 0) &&
    (exceptPeople === null || exceptPeople.kind === 'list') &&
    personList(exceptPeople).length === itemsOf(exceptPeople).length
  );
}

/** Is this a list of at least so many texts, and of nothing else? So is a list that is left out. */
function isTextList(node: YamlValue | null, least: number): boolean {
  return node === null || (node.kind === 'list' && node.items.length >= least && node.items.every(isText));
}

/** The texts of a list under a key; null if there is no such key. */
function listOf(node: YamlValue, key: string): SourceRange<string>[] | null {
  return entryOf(node, key) && textList(valueOf(node, key));
}

function readDrift(node: YamlValue): DraftDrift[] {
  if (node.kind !== 'map') return [];
  return [
    {
      role: textOf(valueOf(node, 'role')),
      what: textOf(valueOf(node, 'what')),
      rule: textOf(valueOf(node, 'rule')),
      roles: listOf(node, 'roles'),
      people: valueOf(node, 'people') && personList(valueOf(node, 'people')),
      reason: textOf(valueOf(node, 'reason')),
      until: textOf(valueOf(node, 'until')),
    },
  ];
}

/** Cached readers of parts: manifests with the same base share the parts that they do not change. */
const ofNode = {
  text: shared((node: YamlValue | null) => textOf(node)),
  texts: shared(textList),
  allowlist: shared(readAllowlist),
  grantSets: shared((node: YamlValue | null) => readMap(node, readGrantSet)),
  roles: shared(readRoles),
  unmanagedRoles: shared(readUnmanaged),
  acceptedDrift: shared((node: YamlValue | null) => itemsOf(node).flatMap(readDrift)),
  rules: shared((node: YamlValue | null) => readMap(node, readRule)),
};

function shared<K extends object, V>(read: (of: K | null) => V): (of: K | null) => V {
  const ofNothing = read(null);
  const ofSomething = memoize<K, V>(read);
  return (of) => (of === null ? ofNothing : ofSomething(of));
}
