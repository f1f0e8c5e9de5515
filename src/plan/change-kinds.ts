import type { Change, ChangeKind } from './change.js';

/** What readers and renderers of plans need to know about a kind of change. */
interface KindFacts {
  /** What it changes. Reports show roles and settings apart. */
  about: 'role' | 'setting';
  /** Can it change what people can do? If so, the guards need all people. */
  affectsAccess: boolean;
}

const KINDS = {
  'role.create': { about: 'role', affectsAccess: false },
  'role.update': { about: 'role', affectsAccess: false },
  'grants.set': { about: 'role', affectsAccess: true },
  'members.move': { about: 'role', affectsAccess: true },
  'defaultRole.set': { about: 'setting', affectsAccess: false },
  'allowlist.set': { about: 'setting', affectsAccess: false },
  'role.delete': { about: 'role', affectsAccess: true },
} as const satisfies Record<ChangeKind, KindFacts>;

/** Every kind of change. */
export const CHANGE_KINDS = Object.keys(KINDS) as readonly ChangeKind[];

/** The kinds of changes of the instance's settings. */
type SettingKind = {
  [K in ChangeKind]: (typeof KINDS)[K]['about'] extends 'setting' ? K : never;
}[ChangeKind];

/** A change of the instance's settings: the default role or the allowlist. */
export type SettingChange = Extract<Change, { kind: SettingKind }>;

/** Does this change set the default role or the allowlist, and not a role? */
export function isSetting<C extends { kind: ChangeKind }>(
  change: C,
): change is Extract<C, { kind: SettingKind }> {
  return KINDS[change.kind].about === 'setting';
}

/** Can this change affect what people can do? */
export function affectsAccess({ kind }: { kind: ChangeKind }): boolean {
  return KINDS[kind].affectsAccess;
}
