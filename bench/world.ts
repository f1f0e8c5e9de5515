import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dependenciesOf } from '../src/model/closure.js';
import type { Dependencies } from '../src/model/closure.js';
import { makeState } from '../src/sandbox/seed.js';
import type { SandboxState } from '../src/sandbox/state.js';

/** The size of an instance: custom roles and people. */
export interface Size {
  roles: number;
  people: number;
}

/** The amount of change: that of a usual pull request, or a tenth of the people and every second role. */
export type Workload = 'usual' | 'large';

/** An instance. */
export interface BenchWorld {
  size: Size;
  state: SandboxState;
}

/** People to move, and roles whose grants change. */
interface Wanted {
  moves: number;
  grantChanges: number;
}

/** Maximum number of roles with members in the manifest; together they have a tenth of the people. */
const TARGETS = 100;

/** Returns the instance of a size. */
export function benchWorld(size: Size): BenchWorld {
  return { size, state: believable(makeState(size)) };
}

function wantedOf({ roles, people }: Size, workload: Workload): Wanted {
  if (workload === 'usual') return { moves: Math.min(50, people / 10), grantChanges: Math.min(5, roles / 2) };
  return {
    moves: Math.min(10_000, Math.floor(people / 10)),
    grantChanges: Math.min(500, Math.floor(roles / 2)),
  };
}

/** Roles with the dependencies of their grants, as real roles have. */
function believable(state: SandboxState): SandboxState {
  const { closure } = dependencies(state);
  const roles = state.roles.map((role) =>
    role.id > 5 ? { ...role, authorities: [...closure(role.authorities)].sort() } : role,
  );
  return { ...state, roles };
}

function dependencies({ authorities }: SandboxState): Dependencies {
  return dependenciesOf(
    authorities.map((entry) => ({
      grant: entry.authority,
      title: '',
      group: '',
      dependsOn: entry.dependsOnAuthorities ?? [],
      adminLevel: null,
      features: [],
    })),
  );
}

/**
 * Writes a manifest that names every custom role with its exact grants, and a tenth of the people in members files. The
 * workload determines how many roles have one grant more or less than live. Returns the path of the manifest.
 */
export async function writeManifest(
  { state, size }: BenchWorld,
  workload: Workload,
  folder: string,
): Promise<string> {
  const { moves, grantChanges } = wantedOf(size, workload);
  const roles = state.roles.filter((role) => role.id > 5);
  const targets = roles.slice(0, Math.min(TARGETS, Math.ceil(roles.length / 2)));
  const listed = new Map<number, string[]>(targets.map((role) => [role.id, []]));
  const people = state.users.filter((user) => user.roleId !== 1);
  let moved = 0;
  for (const [index, user] of people.slice(-Math.ceil(moves * 1.2)).entries()) {
    const target = targets[index % targets.length];
    if (!target || target.id === user.roleId || moved === moves) continue;
    listed.get(target.id)?.push(user.email ?? '');
    moved += 1;
  }
  // People who are listed in their current role.
  let rest = Math.floor(size.people / 10) - moved;
  for (const user of people.slice(0, -Math.ceil(moves * 1.2))) {
    const list = rest > 0 ? listed.get(user.roleId) : undefined;
    if (!list) continue;
    list.push(user.email ?? '');
    rest -= 1;
  }
  await mkdir(join(folder, 'members'), { recursive: true });
  const needs = dependencies(state);
  const lines = ['apiVersion: domo-roles/v1', 'kind: Roles', 'policy:'];
  lines.push('  maxMoves: 1000000', '  maxGrantChanges: 1000000', '  unmanagedRoles: report', 'roles:');
  for (const [index, role] of roles.entries()) {
    const changes = index % 2 === 0 && index / 2 < grantChanges;
    const grants = changes ? changedList(role.authorities, needs) : role.authorities;
    lines.push(`  ${role.name}:`, `    grants: [${grants.join(', ')}]`);
    const people = listed.get(role.id) ?? [];
    if (people.length === 0) continue;
    const file = `members/${workload}-${role.id}.txt`;
    await writeFile(join(folder, file), `${people.join('\n')}\n`);
    lines.push(`    members: { mode: additive, file: ${file} }`);
  }
  const path = join(folder, `${workload}.yaml`);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

/** Removes a grant that no other one depends on, and adds one without dependencies. */
function changedList(grants: readonly string[], { direct }: Dependencies): string[] {
  const needed = new Set(grants.flatMap(direct));
  const less = grants.find((grant) => !needed.has(grant));
  const more = ['alert.edit', 'content.export', 'dataset.export'].find(
    (grant) => !grants.includes(grant) && direct(grant).length === 0,
  );
  return [...grants.filter((grant) => grant !== less), ...(more === undefined ? [] : [more])];
}
