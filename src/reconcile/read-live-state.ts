import { needsAllPeople, rolesToReadAlone, rolesWithHiddenPeople } from '../desired/needs.js';
import { haveStatedAddresses } from '../desired/policy-people.js';
import type { DesiredOptions } from '../desired/resolve.js';
import type { LiveReader, PartialSnapshot } from '../live/reader.js';
import { withPeople } from '../live/with-people.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import { isAboutPeople } from '../model/access-rule.js';
import { peopleByRole, personAt } from '../model/person.js';
import type { Policy } from '../model/policy.js';
import type { LivePeople, Snapshot } from '../model/snapshot.js';
import type { Plan } from '../plan/plan.js';
import type { RoleId } from '../model/ids.js';

/**
 * Reads live state, all of it.
 *
 * The story of this program is four calls, and this is the second:
 *
 *   loadManifest ─> readSnapshot ─> makePlan ─> applyPlan
 */
export async function readWholeSnapshot(reader: LiveReader): Promise<Snapshot> {
  const [core, people] = await Promise.all([reader.readCore(), reader.readPeople()]);
  return { ...core, people };
}

/**
 * Reads what a plan for this manifest needs, and no more: four requests and the pages of people; the pages
 * only where grants change, a person is placed, a role is deleted or a rule is about people.
 */
export async function readSnapshot(
  reader: LiveReader,
  loaded: LoadedManifest,
  options: DesiredOptions,
): Promise<Snapshot> {
  // Where the manifest places people, or a rule is about them, their pages are needed whatever is live, so all goes out at once.
  const { roles, policy } = loaded.manifest;
  const isEarly = roles.some(({ members }) => members !== null) || policy.rules.some(isAboutPeople);
  const early = isEarly ? reader.readPeople() : null;
  early?.catch(() => undefined);
  let core = await readCore(reader, [loaded], options);
  const people = await (early ??
    (needsAllPeople(loaded, core, options)
      ? reader.readPeople()
      : readAdminsOrAll(reader, core, { policy, now: options.now })));
  // A role that was made between the two reads shows in the people alone: look at the roles once more.
  if (!fits(core, people)) core = { ...core, ...(await reader.readCore()) };
  const snapshot: Snapshot = { ...core, people };
  if (people.scope !== 'all') return snapshot;
  return {
    ...snapshot,
    people: await withHidden(reader, snapshot, rolesWithHiddenPeople(loaded, snapshot, options)),
  };
}

/** Roles and settings, with the own lists of roles that these manifests change and whose counts disagree. */
async function readCore(
  reader: LiveReader,
  manifests: readonly LoadedManifest[],
  options: DesiredOptions,
): Promise<PartialSnapshot> {
  const core = await reader.readCore();
  const alone = new Set(manifests.flatMap((loaded) => rolesToReadAlone(loaded, core, options)));
  if (alone.size === 0) return core;
  const lists = new Map(
    await Promise.all([...alone].map(async (id) => [id, await reader.readRoleGrants(id)] as const)),
  );
  return {
    ...core,
    roles: core.roles.map((role) => ({ ...role, grants: lists.get(role.id) ?? role.grants })),
  };
}

/** Reads what comparing an instance with these manifests needs; nobody where none of them lists members. */
export async function readSnapshotToCompare(
  reader: LiveReader,
  manifests: readonly LoadedManifest[],
  { needsPeople, now }: { needsPeople: boolean; now: string },
): Promise<Snapshot> {
  const reading = needsPeople ? reader.readPeople() : null;
  reading?.catch(() => undefined);
  const core = await readCore(reader, manifests, { now });
  const people = (await reading) ?? { scope: 'all', list: [] };
  return fits(core, people) ? { ...core, people } : readWholeSnapshot(reader);
}

/** Administrators alone, unless the policy names one by an address that is not theirs: anyone may have that address. */
async function readAdminsOrAll(
  reader: LiveReader,
  core: PartialSnapshot,
  { policy, now }: { policy: Policy; now: string },
): Promise<LivePeople> {
  const admins = await reader.readAdmins(core);
  return haveStatedAddresses(policy, { people: admins.list, now }) ? admins : reader.readPeople();
}

function fits({ roles }: Pick<Snapshot, 'roles'>, { list }: LivePeople): boolean {
  const ids = new Set(roles.map((role) => role.id));
  return [...peopleByRole(list).keys()].every((id) => ids.has(id));
}

async function withHidden(
  reader: LiveReader,
  { people }: Snapshot,
  roles: readonly RoleId[],
): Promise<LivePeople> {
  if (roles.length === 0) return people;
  const found = await Promise.all(
    roles.map((id) =>
      reader.readHiddenMembers(
        id,
        people.list.filter((person) => person.roleId === id),
      ),
    ),
  );
  const more = found.flat().filter((person) => !personAt(people.list, person.id));
  return { scope: 'all', list: [...people.list, ...more].sort((a, b) => a.id - b.id) };
}

/** Reads what judging a saved plan by this policy needs: everyone, and the accounts it moves that user search leaves out. */
export async function readSnapshotForPlan(
  reader: LiveReader,
  plan: Plan,
  policy: Policy = plan.policy,
): Promise<Snapshot> {
  const needsPeople =
    policy.rules.some(isAboutPeople) ||
    plan.changes.some(
      ({ kind }) => kind === 'grants.set' || kind === 'members.move' || kind === 'role.delete',
    );
  const everyone = needsPeople ? reader.readPeople() : null;
  everyone?.catch(() => undefined);
  const core = await reader.readCore();
  const people = await (everyone ?? readAdminsOrAll(reader, core, { policy, now: plan.madeAt }));
  const moved = plan.changes.flatMap((change) =>
    change.kind === 'members.move' ? change.people.map((move) => move.id) : [],
  );
  return { ...core, people: await withPeople(reader, people, moved) };
}
