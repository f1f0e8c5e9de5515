import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dependenciesOf } from '../src/model/closure.js';
import type { Dependencies } from '../src/model/closure.js';
import { makeState } from '../src/sandbox/seed.js';
import type { SandboxState } from '../src/sandbox/state.js';

/** How big an instance is: custom roles and people. */
export interface Size {
  roles: number;
  people: number;
}

/** An instance and what a manifest wants of it. */
export interface BenchWorld {
  size: Size;
  state: SandboxState;
  /** People who are to move, and roles whose grants are to change. */
  moves: number;
  grantChanges: number;
}

/** At most so many roles take the people who move. */
const TARGETS = 100;

/** The instance of a size, with a tenth of the people to move and the grants of every second role to change. */
export function benchWorld(size: Size): BenchWorld {
  return {
    size,
    state: believable(makeState(size)),
    moves: Math.min(10_000, Math.floor(size.people / 10)),
    grantChanges: Math.min(500, Math.floor(size.roles / 2)),
  };
}

/** Roles with all that their grants depend on, as people who make roles leave them. */
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
 * Writes a manifest that names every custom role with its exact grants: every second list with one grant
 * more or less than is live, and the people who are to move in members files. Gives its path.
 */
export async function writeManifest(
  { state, moves, grantChanges }: BenchWorld,
  folder: string,
): Promise<string> {
  const roles = state.roles.filter((role) => role.id > 5);
  const targets = roles.slice(0, Math.min(TARGETS, Math.ceil(roles.length / 2)));
  const listed = new Map<number, string[]>(targets.map((role) => [role.id, []]));
  const movers = state.users.filter((user) => user.roleId !== 1).slice(-Math.ceil(moves * 1.2));
  let moved = 0;
  for (const [index, user] of movers.entries()) {
    const target = targets[index % targets.length];
    if (!target || target.id === user.roleId || moved === moves) continue;
    listed.get(target.id)?.push(user.email ?? '');
    moved += 1;
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
    const file = `members/${role.id}.txt`;
    await writeFile(join(folder, file), `${people.join('\n')}\n`);
    lines.push(`    members: { mode: additive, file: ${file} }`);
  }
  const path = join(folder, 'domo-roles.yaml');
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

/** One grant less, that no other one needs, and one more, that needs no other. */
function changedList(grants: readonly string[], { direct }: Dependencies): string[] {
  const needed = new Set(grants.flatMap(direct));
  const less = grants.find((grant) => !needed.has(grant));
  const more = ['alert.edit', 'content.export', 'dataset.export'].find(
    (grant) => !grants.includes(grant) && direct(grant).length === 0,
  );
  return [...grants.filter((grant) => grant !== less), ...(more === undefined ? [] : [more])];
}
