import type { LoadedManifest, ManifestPath, ManifestRole } from '../../manifest/manifest.js';
import { addTo } from '../../model/group.js';
import { nearDifference, nearName } from '../../model/near-name.js';
import { quotedName } from '../../model/quoted-name.js';
import type { Refusal } from '../../model/refusal.js';
import { refusal } from '../../model/refusal.js';
import { isSystemRole, liveKey } from '../../model/role.js';
import type { RoleKey } from '../../model/role.js';
import { isNewKey } from '../../model/role-id.js';
import type { LiveRole } from '../../model/snapshot.js';
import { placeNote, warning } from '../../problem/problem.js';
import type { Findings } from '../findings.js';

/** The matches by exact names and ids: the input of checking near names. */
interface NearInput {
  loaded: LoadedManifest;
  live: readonly LiveRole[];
  keys: ReadonlyMap<string, RoleKey>;
  removed: ReadonlySet<RoleKey>;
  byName: ReadonlyMap<string, readonly LiveRole[]>;
  findings: Findings;
}

/** A reference to a role elsewhere than under `roles`, and its place. */
interface Mention {
  name: string;
  kind: 'removed' | 'renamedFrom' | 'unmanaged' | 'reference';
  /** The manifest key that contains it. */
  key: string;
  path: ManifestPath;
}

/**
 * Refuses every name that only resembles that of a live role: it is probably a mistake whose effect (nothing removed, a
 * second role created) would go unnoticed. Names with an exact match, and live roles that another name matches exactly,
 * are not considered. Returns the live role that each refused name resembles, so that the rest of the plan can be shown.
 */
export function refuseNearNames(input: NearInput): ReadonlyMap<string, RoleKey> {
  const { loaded, keys, byName, findings } = input;
  const all = mentionsOf(loaded, keys);
  const free = freeByForm(input, all);
  for (const role of loaded.manifest.roles) refuseTakenName(role, input, free);
  const meant = new Map<string, RoleKey>();
  for (const mention of all) {
    if (keys.has(mention.name)) continue;
    const exact = byName.get(mention.name) ?? [];
    if (exact.length > 1 && mention.kind === 'reference')
      findings.refusals.push(severalLive(mention, exact, loaded));
    const near = exact.length > 0 ? [] : (free.get(nearName(mention.name)) ?? []);
    const [first, second] = near;
    if (!first) continue;
    findings.refusals.push(onlyNear(mention, near, loaded));
    if (!second && mention.kind === 'reference') meant.set(mention.name, liveKey(first.id));
  }
  warnOfOldNames(input, free);
  return meant;
}

/** Live roles that nothing in the manifest matches, by the normal form of their names. */
function freeByForm(
  { live, keys, removed }: NearInput,
  mentions: readonly Mention[],
): ReadonlyMap<string, readonly LiveRole[]> {
  const taken = new Set([...keys.values(), ...removed]);
  const exact = new Set(mentions.map(({ name }) => name));
  const free = new Map<string, LiveRole[]>();
  for (const role of live) {
    if (taken.has(liveKey(role.id)) || exact.has(role.name)) continue;
    addTo(free, nearName(role.name), role);
  }
  return free;
}

function mentionsOf({ manifest }: LoadedManifest, keys: ReadonlyMap<string, RoleKey>): Mention[] {
  const reference = (name: string | null, key: string, path: ManifestPath): Mention[] =>
    name === null ? [] : [{ name, kind: 'reference', key, path }];
  const { policy, allowlist } = manifest;
  return [
    ...reference(manifest.defaultRole, 'defaultRole', ['defaultRole']),
    ...(Array.isArray(allowlist) ? (allowlist as readonly string[]) : []).flatMap((name) =>
      reference(name, 'allowlist', ['allowlist', name]),
    ),
    ...manifest.removed.map((name): Mention => ({
      name,
      kind: 'removed',
      key: 'removed',
      path: ['removed', name],
    })),
    ...manifest.leftAlone.map((name): Mention => ({
      name,
      kind: 'unmanaged',
      key: 'roles',
      path: ['roles', name],
    })),
    ...manifest.roles.flatMap((role) => mentionsIn(role, isMade(role.name, keys))),
    ...reference(policy.removedMembersTo, 'removedMembersTo', ['policy', 'removedMembersTo']),
    ...policy.acceptedDrift.flatMap(({ role }, index) =>
      reference(role, 'acceptedDrift', ['policy', 'acceptedDrift', index, 'role']),
    ),
    ...policy.rules.flatMap((rule) =>
      rule.kind === 'limit' && 'role' in rule.subject
        ? reference(rule.subject.role, 'rules', ['policy', 'rules', rule.name, 'role'])
        : [],
    ),
  ];
}

function mentionsIn(role: ManifestRole, willBeMade: boolean): Mention[] {
  const at: ManifestPath = ['roles', role.name];
  return [
    ...(role.grants?.from ?? []).map((name): Mention => ({
      name,
      kind: 'reference',
      key: 'from',
      path: [...at, 'grants', 'from', name],
    })),
    // `basedOn` has no effect on a role that exists.
    ...(role.basedOn !== null && willBeMade
      ? [{ name: role.basedOn, kind: 'reference', key: 'basedOn', path: [...at, 'basedOn'] } as const]
      : []),
    ...role.renamedFrom.map((name): Mention => ({
      name,
      kind: 'renamedFrom',
      key: 'renamedFrom',
      path: [...at, 'renamedFrom', name],
    })),
  ];
}

/** Refuses a new name that equals or resembles the name of a live role that keeps it. */
function refuseTakenName(
  role: ManifestRole,
  { keys, removed, byName, findings }: NearInput,
  free: ReadonlyMap<string, readonly LiveRole[]>,
): void {
  const key = keys.get(role.name);
  if (!key) return;
  const exact = byName.get(role.name) ?? [];
  if (exact.some(({ id }) => liveKey(id) === key)) return;
  const taken = new Set<RoleKey>([...keys.values(), ...removed]);
  const same = exact.filter(({ id }) => !taken.has(liveKey(id)));
  const name = quotedName(role.name);
  if (same.length > 0) {
    findings.refusals.push(
      refusal('ambiguous-name', `role ${name} would get the name of another live role`, {
        items: same.map(roleItem),
        hint: 'rename or remove the other role first, in a separate plan',
      }),
    );
    return;
  }
  const near = free.get(nearName(role.name)) ?? [];
  const [first] = near;
  if (!first) return;
  const made = isNewKey(key);
  const state = made ? 'is not live' : 'is to get this name';
  const message = `role ${name} ${state}, but a live role has nearly this name: ${differences(role.name, near)}`;
  const rename =
    near.length === 1
      ? `if it is the same role, write \`renamedFrom: [${quotedName(first.name)}]\` or pin it with \`id: ${first.id}\``
      : 'if it is one of these roles, pin it with its `id:`';
  const hint = isSystemRole(first.id)
    ? 'choose another name'
    : made
      ? rename
      : 'choose another name, or put the live role under `roles` or `removed` by its exact name';
  findings.refusals.push(refusal('ambiguous-name', message, { items: near.map(roleItem), hint }));
}

function onlyNear(mention: Mention, near: readonly LiveRole[], loaded: LoadedManifest): Refusal {
  const names = near.map(({ name }) => quotedName(name)).join(' or ');
  const message = `${mention.key} names ${quotedName(mention.name)}${placeIn(loaded, mention)}, which is not live, but a live role has nearly this name: ${differences(mention.name, near)}`;
  const isSystem = near.every(({ id }) => isSystemRole(id));
  const hint =
    isSystem && (mention.kind === 'removed' || mention.kind === 'renamedFrom')
      ? `${names} is a system role, which cannot be ${mention.kind === 'removed' ? 'removed' : 'renamed'}: remove the name`
      : `if this is the role that is meant, write ${names}`;
  return refusal('ambiguous-name', message, { items: near.map(roleItem), hint });
}

function severalLive(mention: Mention, exact: readonly LiveRole[], loaded: LoadedManifest): Refusal {
  const message = `${mention.key} names ${quotedName(mention.name)}${placeIn(loaded, mention)}, and ${exact.length} live roles have this name`;
  const hint = 'put the one you mean under `roles` with its `id`, and give the other another name';
  return refusal('ambiguous-name', message, { items: exact.map(roleItem), hint });
}

function placeIn({ locate }: LoadedManifest, { path }: Mention): string {
  return placeNote(locate(path));
}

function differences(name: string, near: readonly LiveRole[]): string {
  return near
    .map((one) => `${quotedName(one.name)} differs only in ${nearDifference(name, one.name)}`)
    .join('; ');
}

/** A live role as the items of a refusal show it. */
export function roleItem({ name, id }: Pick<LiveRole, 'name' | 'id'>): string {
  return `${name} (id ${id})`;
}

/** Warns of a role with old names, none of which is live: creating it is right only on a new instance. */
function warnOfOldNames(
  { loaded, keys, byName, findings }: NearInput,
  free: ReadonlyMap<string, readonly LiveRole[]>,
): void {
  for (const role of loaded.manifest.roles) {
    const names = [role.name, ...role.renamedFrom];
    if (role.renamedFrom.length === 0 || !isMade(role.name, keys)) continue;
    if (names.some((name) => byName.has(name) || free.has(nearName(name)))) continue;
    const old = role.renamedFrom.map(quotedName).join(', ');
    findings.warnings.push(
      warning(
        'old-name-not-live',
        `role ${quotedName(role.name)} is created: neither it nor ${old} is live`,
        {
          where: loaded.locate(['roles', role.name, 'renamedFrom']),
          hint: 'check the old name; on an instance that never had it, this is right',
        },
      ),
    );
  }
}

/** Will the role of this name be created? */
function isMade(name: string, keys: ReadonlyMap<string, RoleKey>): boolean {
  const key = keys.get(name);
  return key !== undefined && isNewKey(key);
}
