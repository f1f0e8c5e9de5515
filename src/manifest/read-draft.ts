import { sameAddress } from '../model/names.js';
import type { PersonRef } from '../model/policy.js';
import type {
  ManifestDraft,
  DraftDrift,
  DraftGrants,
  DraftGrantSet,
  DraftMember,
  DraftMembers,
  DraftPolicy,
  DraftRole,
  DraftRule,
} from './draft.js';
import {
  entryOf,
  isOddNumber,
  itemsOf,
  displayRange,
  textOf,
  valueOf,
  type YamlValue,
  type YamlEntry,
  type YamlMap,
  type SourceRange,
} from './yaml-values.js';

/**
 * Reads the merged tree into typed values; what has the wrong form is left out, and then it is not `whole`.
 * `given` names the files that are no bases.
 */
export function readDraft(
  root: YamlMap,
  whole: boolean,
  given: readonly string[] = [root.at.file],
): ManifestDraft {
  return {
    whole,
    given: new Set(given),
    at: { ...root.at, endLine: root.at.line, endColumn: root.at.column },
    instance: textOf(valueOf(root, 'instance')),
    defaultRole: textOf(valueOf(root, 'defaultRole')),
    allowlist: readAllowlist(entryOf(root, 'allowlist')),
    grantSets: readMap(valueOf(root, 'grantSets'), readGrantSet),
    roles: readMap(valueOf(root, 'roles'), readRole),
    removed: texts(valueOf(root, 'removed')),
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
  if (value.kind === 'list') return { at: entry.keyAt, names: texts(value) };
  const isOff = value.kind === 'scalar' && (value.value === 'off' || value.value === false);
  return isOff ? { at: value.at, names: 'off' } : null;
}

function readGrantSet(entry: YamlEntry): DraftGrantSet {
  return { at: entry.keyAt, grants: texts(entry.value) };
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
    renamedFrom: texts(valueOf(value, 'renamedFrom')),
    grants: readGrants(entryOf(value, 'grants')),
    members: readMembers(entryOf(value, 'members')),
  };
}

function readGrants(entry: YamlEntry | null): DraftGrants | null {
  if (!entry || entry.value.kind === 'scalar') return null;
  const { value, keyAt } = entry;
  const plain = value.kind === 'list';
  return {
    at: keyAt,
    plain,
    mode: modeOf(value),
    hasMode: valueOf(value, 'mode') !== null,
    from: texts(valueOf(value, 'from')),
    sets: texts(valueOf(value, 'sets')),
    add: plain ? texts(value) : entryOf(value, 'add') && texts(valueOf(value, 'add')),
    remove: texts(valueOf(value, 'remove')),
    optional: texts(valueOf(value, 'optional')),
    entryCount: plain
      ? value.items.length
      : entryCountOf(value, ['from', 'sets', 'add', 'optional'], ['mode', 'remove']),
  };
}

function readMembers(entry: YamlEntry | null): DraftMembers | null {
  if (!entry || entry.value.kind === 'scalar') return null;
  const { value, keyAt } = entry;
  const plain = value.kind === 'list';
  return {
    at: keyAt,
    plain,
    mode: modeOf(value),
    hasMode: valueOf(value, 'mode') !== null,
    users: plain ? members(value) : entryOf(value, 'users') && members(valueOf(value, 'users')),
    file: textOf(valueOf(value, 'file')),
    entryCount: plain ? value.items.length : entryCountOf(value, ['users'], ['mode', 'file']),
    listed: null,
  };
}

/** Reads a policy: of a manifest, or of a policy file. */
export function readPolicy(node: YamlValue | null): DraftPolicy {
  const unmanaged = textOf(valueOf(node, 'unmanagedRoles'));
  const words = ['ignore', 'report', 'fail', 'delete'] as const;
  const word = words.find((one) => one === unmanaged?.value);
  return {
    unmanagedRoles: unmanaged && word ? { value: word, at: unmanaged.at } : null,
    removedMembersTo: textOf(valueOf(node, 'removedMembersTo')),
    minAdmins: numberOf(valueOf(node, 'minAdmins')),
    requiredAdmins: valueOf(node, 'requiredAdmins') && people(valueOf(node, 'requiredAdmins')),
    protectedGrants: valueOf(node, 'protectedGrants') && texts(valueOf(node, 'protectedGrants')),
    besidesDefaults: false,
    maxDeletes: limitOf(valueOf(node, 'maxDeletes')),
    maxMoves: limitOf(valueOf(node, 'maxMoves')),
    maxGrantChanges: limitOf(valueOf(node, 'maxGrantChanges')),
    acceptedDrift: itemsOf(valueOf(node, 'acceptedDrift')).flatMap(readDrift),
    rules: readMap(valueOf(node, 'rules'), readRule),
  };
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
    neverTogether: sets && itemsOf(sets).map(texts),
    exceptRoles: texts(valueOf(value, 'exceptRoles')),
    exceptPeople: people(valueOf(value, 'exceptPeople')),
  };
}

/** The texts of a list under a key; null where there is no such key. */
function listOf(node: YamlValue, key: string): SourceRange<string>[] | null {
  return entryOf(node, key) && texts(valueOf(node, key));
}

function readDrift(node: YamlValue): DraftDrift[] {
  if (node.kind !== 'map') return [];
  const shown = [...node.entries.values()].at(0);
  return [
    {
      at: shown ? displayRange(shown) : node.at,
      role: textOf(valueOf(node, 'role')),
      what: textOf(valueOf(node, 'what')),
      rule: textOf(valueOf(node, 'rule')),
      roles: listOf(node, 'roles'),
      people: valueOf(node, 'people') && people(valueOf(node, 'people')),
      reason: textOf(valueOf(node, 'reason')),
      until: textOf(valueOf(node, 'until')),
    },
  ];
}

/**
 * How many items these lists of a map hold. What should be a list and is none counts as one, and so does a
 * key that is not known, since it may be a list whose name is misspelt.
 */
function entryCountOf(node: YamlValue, keys: readonly string[], others: readonly string[]): number {
  if (node.kind !== 'map') return 1;
  let count = 0;
  for (const [key, { value }] of node.entries) {
    if (keys.includes(key)) count += value.kind === 'list' ? value.items.length : 1;
    else if (!others.includes(key)) count += 1;
  }
  return count;
}

function modeOf(node: YamlValue): 'exact' | 'additive' {
  return textOf(valueOf(node, 'mode'))?.value === 'additive' ? 'additive' : 'exact';
}

function texts(node: YamlValue | null): SourceRange<string>[] {
  return itemsOf(node).flatMap((item) => textOf(item) ?? []);
}

function people(node: YamlValue | null): SourceRange<PersonRef>[] {
  return itemsOf(node).flatMap((item): SourceRange<PersonRef>[] => {
    const address = textOf(item);
    if (address) return [{ value: { email: sameAddress(address.value) }, at: address.at }];
    const id = numberOf(valueOf(item, 'id'));
    return id ? [{ value: { id: id.value }, at: id.at }] : [];
  });
}

function members(node: YamlValue | null): DraftMember[] {
  return itemsOf(node).flatMap(member);
}

/** An entry without a usable address or id is left out, and one with several keys is shown by its id or its address. */
function member(item: YamlValue): DraftMember[] {
  const address = textOf(item) ?? textOf(valueOf(item, 'email'));
  const id = numberOf(valueOf(item, 'id'));
  const at = id?.at ?? address?.at;
  if (!at) return [];
  const email = address && sameAddress(address.value);
  const until = textOf(valueOf(item, 'until'));
  return [
    {
      ref: id ? { id: id.value } : { email: email ?? '' },
      email,
      until: until?.value ?? null,
      note: textOf(valueOf(item, 'note'))?.value.trim() || null,
      where: at,
      untilAt: until?.at ?? null,
    },
  ];
}

function numberOf(node: YamlValue | null): SourceRange<number> | null {
  if (node?.kind !== 'scalar' || typeof node.value !== 'number' || !Number.isSafeInteger(node.value))
    return null;
  if (isOddNumber(node)) return null;
  return { value: node.value, at: node.at };
}

function limitOf(node: YamlValue | null): SourceRange<number | string> | null {
  return numberOf(node) ?? textOf(node);
}
