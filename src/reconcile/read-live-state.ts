import { needsAllPeople, rolesToReadDirectly, rolesWithHiddenPeople } from '../desired/required-reads.js';
import { statedAddressesMatch } from '../desired/people/policy-people.js';
import type { DesiredOptions } from '../desired/resolve.js';
import { withOwnGrants } from '../live/own-grants.js';
import type { LiveReader, PartialSnapshot } from '../live/reader.js';
import { withMembers, withPeople } from '../live/with-people.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import { isAboutPeople } from '../model/access-rule.js';
import { peopleByRole } from '../model/person.js';
import type { Policy } from '../model/policy.js';
import type { LivePeople, Snapshot } from '../model/snapshot.js';
import { requireRolesOfPeople } from '../model/state.js';
import { affectsAccess } from '../plan/change-kinds.js';
import { movesOf } from '../plan/change.js';
import type { Plan } from '../plan/plan.js';

/**
 * Reads all of live state.
 *
 * The program in four calls, of which this is the second:
 *
 *   loadManifest ─> readSnapshot ─> makePlan ─> applyPlan
 */
export async function readWholeSnapshot(reader: LiveReader): Promise<Snapshot> {
  const [core, people] = await Promise.all([reader.readCore(), reader.readPeople()]);
  return withRolesOfPeople(reader, { ...core, people });
}

/**
 * Reads the roles again if a person is in a role that was not listed: it may have been created between the two reads.
 * Raises `bad-answer` if it is still not there.
 */
export async function withRolesOfPeople(reader: LiveReader, snapshot: Snapshot): Promise<Snapshot> {
  if (fits(snapshot, snapshot.people)) return snapshot;
  const again: Snapshot = { ...(await reader.readCore()), people: snapshot.people };
  requireRolesOfPeople(again);
  return again;
}

/**
 * Reads only what a plan for this manifest needs: four requests, and the pages of people only if grants change, members
 * are listed, a role is deleted or a rule concerns people.
 */
export async function readSnapshot(
  reader: LiveReader,
  loaded: LoadedManifest,
  options: DesiredOptions,
): Promise<Snapshot> {
  // If the manifest lists members or a rule concerns people, their pages are needed in any case: request everything at once.
  const { roles, policy } = loaded.manifest;
  const isEarly = roles.some(({ members }) => members !== null) || policy.rules.some(isAboutPeople);
  const early = isEarly ? reader.readPeople() : null;
  early?.catch(() => undefined);
  let core = await readCore(reader, [loaded], options);
  const people = await (early ??
    (needsAllPeople(loaded, core, options)
      ? reader.readPeople()
      : readAdminsOrAll(reader, core, { policy, now: options.now })));
  // A role created between the two reads shows only in the people: read the roles again.
  if (!fits(core, people)) core = { ...core, ...(await reader.readCore()) };
  const snapshot: Snapshot = { ...core, people };
  if (people.scope !== 'all') return snapshot;
  const crowded = rolesWithHiddenPeople(loaded, snapshot, options);
  return { ...snapshot, people: await withMembers(reader, people, crowded) };
}

/** Reads roles and settings, and the grant lists of changed roles whose counts disagree. */
async function readCore(
  reader: LiveReader,
  manifests: readonly LoadedManifest[],
  options: DesiredOptions,
): Promise<PartialSnapshot> {
  const core = await reader.readCore();
  const alone = new Set(manifests.flatMap((loaded) => rolesToReadDirectly(loaded, core, options)));
  if (alone.size === 0) return core;
  const roles = await Promise.all(
    core.roles.map(async (role) => (alone.has(role.id) ? withOwnGrants(role, reader.readRoleGrants) : role)),
  );
  return { ...core, roles: roles.filter((role) => role !== null) };
}

/** Reads what a comparison with these manifests needs; no people if none of them lists members. */
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

/** Reads administrators, or everyone if an address in the policy does not match its id: any person may have that address. */
async function readAdminsOrAll(
  reader: LiveReader,
  core: PartialSnapshot,
  { policy, now }: { policy: Policy; now: string },
): Promise<LivePeople> {
  const admins = await reader.readAdmins(core);
  return statedAddressesMatch(policy, { people: admins.list, now }) ? admins : reader.readPeople();
}

function fits({ roles }: Pick<Snapshot, 'roles'>, { list }: LivePeople): boolean {
  const ids = new Set(roles.map((role) => role.id));
  return [...peopleByRole(list).keys()].every((id) => ids.has(id));
}

/** Reads what verifying a saved plan needs: everyone, and moved accounts that user search does not return. */
export async function readSnapshotForPlan(
  reader: LiveReader,
  plan: Plan,
  policy: Policy = plan.policy,
): Promise<Snapshot> {
  const needsPeople = policy.rules.some(isAboutPeople) || plan.changes.some(affectsAccess);
  const everyone = needsPeople ? reader.readPeople() : null;
  everyone?.catch(() => undefined);
  const core = await reader.readCore();
  const people = await (everyone ?? readAdminsOrAll(reader, core, { policy, now: plan.madeAt }));
  const moved = movesOf(plan.changes).map(({ id }) => id);
  return { ...core, people: await withPeople(reader, people, moved) };
}
