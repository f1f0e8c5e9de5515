import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { blankState } from '../../src/sandbox/index.js';
import type { Quirks, Sandbox, SandboxRole, SandboxState, SandboxUser } from '../../src/sandbox/index.js';
import { recordAccess } from '../../src/rehearse/access-history.js';
import type { AccessHistory } from '../../src/rehearse/access-history.js';
import { BIN } from './built.js';
import { targetOf } from './cli.js';
import type { Ended, Stage } from './cli.js';

const CREATED_AT = Date.UTC(2025, 0, 6);

/** A role with default values. */
export function customRole(
  id: number,
  name: string,
  authorities: string[],
  description: string | null = null,
): SandboxRole {
  return { id, name, description, authorities, created: CREATED_AT, modified: CREATED_AT };
}

const ROLES: readonly SandboxRole[] = [
  customRole(200_000_001, 'Ring A', ['alert.edit']),
  customRole(200_000_002, 'Ring B', ['content.export']),
  customRole(200_000_003, 'Analyst', ['alert.edit', 'content.card.edit', 'content.export'], 'Old words'),
  customRole(200_000_004, 'Shrinks', ['alert.edit', 'content.export', 'dataset.export']),
  customRole(200_000_005, 'Grows', ['alert.edit']),
  customRole(200_000_006, 'Splits', ['alert.edit', 'content.export', 'dataset.export']),
  customRole(200_000_007, 'Gone', ['alert.edit']),
];

const PLACES: readonly [name: string, roleId: number][] = [
  ['root', 1],
  ['keeper', 1],
  ['ana', 200_000_003],
  ['bo', 200_000_006],
  ['cleo', 200_000_005],
  ['dan', 200_000_007],
  ['eva', 4],
  ['finn', 200_000_004],
];

/** An account with default values. */
export function account(id: number, name: string, roleId: number): SandboxUser {
  return {
    id,
    displayName: name,
    email: `${name}@acme.com`,
    roleId,
    isPending: false,
    isSystemUser: false,
    isSupport: false,
    deleted: false,
    attributes: {},
  };
}

/** A small instance on which `EVERYTHING` needs every kind of change. */
export function smallInstance(): SandboxState {
  const blank = blankState();
  const users = PLACES.map(([name, roleId], index) => account(1_345_000_001 + index, name, roleId));
  return {
    ...blank,
    roles: [...blank.roles, ...ROLES],
    users,
    settings: { defaultRoleId: 2, allowlistRoleIds: [2, 5, 200_000_003] },
  };
}

/**
 * Needs every kind of change: creates (one with grants of its own, one that only starts as another role), a
 * rename, a ring of names, a description, grants before, after and on both sides of the moves, moves, default
 * role, allowlist and a delete.
 */
export const EVERYTHING = `apiVersion: domo-roles/v1
kind: Roles
defaultRole: Participant
allowlist: [Participant, Social, Data Analyst, Made]
roles:
  Ring A: { id: 200000002 }
  Ring B: { id: 200000001 }
  Data Analyst:
    renamedFrom: [Analyst]
    description: New words
  Shrinks:
    grants: [alert.edit]
    members: { mode: additive, users: [eva@acme.com] }
  Grows:
    grants: [alert.edit, content.card.edit]
  Splits:
    grants: [alert.edit, content.page.edit]
    members: [cleo@acme.com]
  Made:
    grants: [content.export, dataset.export]
    members: [ana@acme.com]
  Started:
    basedOn: Editor
removed: [Gone]
policy: { removedMembersTo: Participant, maxGrantChanges: 500, maxMoves: 500, maxDeletes: 5 }
`;

/** A run of the command that can be killed. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended & { signal: string | null }>;
}

/** Starts the command with the stage as its target, without waiting for it. */
export function start(stage: Stage, args: readonly string[], env: Record<string, string> = {}): Running {
  return startIn(stage.folder, args, { ...targetOf(stage), ...env });
}

/** Starts the command in a folder, without waiting for it. */
export function startIn(cwd: string, args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended & { signal: string | null }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? -1, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Live state by names: equal for two instances whose roles have different ids. */
export function pictureOf(sandbox: Sandbox): unknown {
  const { roles, users, settings } = sandbox.state();
  const name = (id: number): string => roles.find((one) => one.id === id)?.name ?? `role ${id}`;
  return {
    roles: roles
      .filter((one) => one.id > 5)
      .map((one) => [one.name, one.description ?? '', [...one.authorities].sort()])
      .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    people: Object.fromEntries(users.map((one) => [one.email ?? one.id, name(one.roleId)])),
    defaultRole: name(settings.defaultRoleId),
    allowlist: settings.allowlistRoleIds?.map(name).sort() ?? 'off',
  };
}

/** Records the access of everyone after every write from now on. */
export function recordAccessOf(sandbox: Sandbox): AccessHistory {
  const watched = recordAccess(sandbox.access());
  sandbox.onWrite(() => watched.record(sandbox.access()));
  return watched;
}

/** Quirks with which a new role starts with a few grants, whatever its source. */
export const IGNORES_START: Partial<Quirks> = { fromRoleIdIgnored: true, startsWithFew: true };
