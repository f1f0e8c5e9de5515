import type { LoadedManifest, ManifestPath } from '../manifest/manifest.js';
import { allowlistOf, allowlistWithDefault } from '../model/allowlist.js';
import type { DriftSubject } from '../model/policy.js';
import { quotedName } from '../model/quoted-name.js';
import { refusal } from '../model/refusal.js';
import type { RoleKey } from '../model/role.js';
import { roleAt } from '../model/state.js';
import type { AllowlistKeys, LiveState } from '../model/state.js';
import { warning } from '../problem/problem.js';
import { unknownRole } from './findings.js';
import type { Findings, KnownNames } from './findings.js';

/** The input of the end-state settings. */
export interface SettingsContext {
  loaded: LoadedManifest;
  live: LiveState;
  keys: ReadonlyMap<string, RoleKey>;
  byName: ReadonlyMap<string, RoleKey>;
  gone: KnownNames['gone'];
  deleted: ReadonlySet<RoleKey>;
  /** Is the difference of this setting, or of this role, accepted? */
  accepts: (what: DriftSubject, role: string | null) => boolean;
  findings: Findings;
}

/** The key of an end-state name; adds a problem and returns null if there is none. */
export function roleNamed(
  name: string,
  path: ManifestPath,
  context: Pick<SettingsContext, 'loaded' | 'byName' | 'gone' | 'findings'>,
): RoleKey | null {
  const key = context.byName.get(name);
  if (!key) context.findings.problems.push(unknownRole(name, context, context.loaded.locate(path)));
  return key ?? null;
}

/** The default role: the manifest's, else the live one, which must not be deleted. */
export function resolveDefaultRole(context: SettingsContext): RoleKey {
  const { loaded, live, deleted, accepts, findings } = context;
  const wanted = loaded.manifest.defaultRole;
  const named =
    wanted === null || accepts('defaultRole', null) ? null : roleNamed(wanted, ['defaultRole'], context);
  const key = named ?? live.defaultRole;
  if (deleted.has(key)) {
    const { name } = roleAt(live, key);
    findings.refusals.push(
      refusal('deletes-default', `role ${quotedName(name)} is the default role and would be deleted`, {
        key: 'defaultRole',
        hint: 'set another `defaultRole` in the manifest',
      }),
    );
  }
  return key;
}

/** Warns of exact members on a default role that the manifest does not name: new people get it. */
export function warnOfExactDefault(
  defaultRole: RoleKey,
  { loaded, keys, findings }: Pick<SettingsContext, 'loaded' | 'keys' | 'findings'>,
): void {
  const { manifest, locate } = loaded;
  if (manifest.defaultRole !== null) return;
  const role = manifest.roles.find(({ name }) => keys.get(name) === defaultRole);
  if (role?.members?.mode !== 'exact') return;
  findings.warnings.push(
    warning(
      'exact-default-members',
      `role ${quotedName(role.name)} is the default role and its members are exact: new people get this role`,
      {
        where: locate(['roles', role.name, 'members']),
        hint: 'make its members additive, or set another `defaultRole`',
      },
    ),
  );
}

/** Does the manifest set the allowlist? Otherwise it is never written. */
export function managesAllowlist({ loaded, accepts }: Pick<SettingsContext, 'loaded' | 'accepts'>): boolean {
  return loaded.manifest.allowlist !== null && !accepts('allowlist', null);
}

/** The allowlist: the manifest's, else the live one. */
export function resolveAllowlist(defaultRole: RoleKey, context: SettingsContext): AllowlistKeys {
  const { loaded, live, findings } = context;
  const wanted = managesAllowlist(context) ? loaded.manifest.allowlist : null;
  if (wanted === null) return keptAllowlist(defaultRole, context);
  if (live.allowlist === 'unreadable') {
    findings.refusals.push(
      refusal(
        'allowlist-unreadable',
        'the manifest gives an allowlist, and the one on the instance cannot be read',
        { key: 'allowlist', hint: 'leave `allowlist` out, or use a token that may read the role settings' },
      ),
    );
    return live.allowlist;
  }
  if (wanted === 'off') return 'off';
  const keys = wanted.flatMap((name) => roleNamed(name, ['allowlist', name], context) ?? []);
  return allowlistOf(keys, defaultRole);
}

function keptAllowlist(defaultRole: RoleKey, { live, deleted }: SettingsContext): AllowlistKeys {
  if (typeof live.allowlist === 'string') return live.allowlist;
  const stays = live.allowlist.filter((key) => !deleted.has(key));
  return defaultRole === live.defaultRole ? stays : allowlistWithDefault(stays, defaultRole);
}
