import type { Replay } from '../../journal/replay.js';
import { withOwnGrants } from '../../live/own-grants.js';
import type { LiveReader } from '../../live/reader.js';
import type { PartialSnapshot } from '../../live/reader.js';
import { withMembers, withPeople } from '../../live/with-people.js';
import { isAboutPeople } from '../../model/access-rule.js';
import type { AccessRule } from '../../model/access-rule.js';
import type { Snapshot } from '../../model/snapshot.js';
import { affectsAccess } from '../../plan/change-kinds.js';
import { movesOf } from '../../plan/change.js';
import type { Change } from '../../plan/change.js';
import { peopleReliedOn } from '../../plan/relied-on.js';
import type { Plan } from '../../plan/plan.js';
import { inParallel } from '../parallel.js';
import type { PersonId, RoleId } from '../../model/ids.js';

interface LiveReadOptions {
  resume: Replay | null;
  concurrency: number;
  rules: readonly AccessRule[];
}

/**
 * Reads live state just before the first write. Beyond what planning reads, this includes the own grants of all roles
 * that the plan writes, deletes or may already have created, and all people that it relies on or moves, also hidden
 * accounts.
 */
export async function readLive(plan: Plan, reader: LiveReader, options: LiveReadOptions): Promise<Snapshot> {
  const first = await readOnce(plan, reader, options);
  // If a role was deleted in between, its people were read before they left it.
  return first.lostRole ? (await readOnce(plan, reader, options)).live : first.live;
}

/** `lostRole`: a role was deleted after the roles were listed. */
async function readOnce(
  plan: Plan,
  reader: LiveReader,
  { resume, concurrency, rules }: LiveReadOptions,
): Promise<{ live: Snapshot; lostRole: boolean }> {
  // Reading people depends on nothing else, so it starts first.
  const isNeeded = rules.some(isAboutPeople) || plan.changes.some((change) => needsEveryone(change, resume));
  const everyone = isNeeded ? reader.readPeople() : null;
  everyone?.catch(() => undefined);
  const core = await reader.readCore();
  const written = writtenRoles(plan, resume);
  const [people, read] = await Promise.all([
    (everyone ?? reader.readAdmins(core))
      .then((found) => withPeople(reader, found, peopleOf(plan)))
      .then((found) => withMembers(reader, found, rolesToDelete(plan, core))),
    inParallel(core.roles, concurrency, async (role) =>
      written.ids.has(role.id) || written.names.has(role.name)
        ? withOwnGrants(role, reader.readRoleGrants)
        : role,
    ),
  ]);
  const roles = read.filter((role) => role !== null);
  return { live: { ...core, roles, people }, lostRole: roles.length < read.length };
}

/**
 * Does this change affect the access of people? The guards then need everyone. A role that does not exist yet has no
 * members, but a role that an earlier run created may have some.
 */
function needsEveryone(change: Change, resume: Replay | null): boolean {
  const isOnNewRole = change.kind === 'grants.set' && typeof change.roleId !== 'number';
  return affectsAccess(change) && !(isOnNewRole && resume === null);
}

function peopleOf(plan: Plan): ReadonlySet<PersonId> {
  return new Set([...peopleReliedOn(plan), ...movesOf(plan.changes).map(({ id }) => id)]);
}

function rolesToDelete({ changes }: Plan, { roles }: PartialSnapshot): PartialSnapshot['roles'] {
  const ids = new Set(changes.flatMap((change) => (change.kind === 'role.delete' ? [change.roleId] : [])));
  return roles.filter(({ id }) => ids.has(id));
}

function writtenRoles(plan: Plan, resume: Replay | null): { ids: Set<RoleId>; names: Set<string> } {
  const ids = new Set<RoleId>();
  const names = new Set<string>();
  for (const change of plan.changes) {
    if (change.kind === 'role.create') {
      names.add(change.after.name);
      const made = resume?.changes.get(change.id)?.roleId;
      if (made) ids.add(made);
    }
    if (change.kind === 'grants.set' || change.kind === 'role.delete') {
      if (typeof change.roleId === 'number') ids.add(change.roleId);
    }
  }
  return { ids, names };
}
