import type { Grant } from '../../model/grant.js';
import type { Matrix } from './client.js';
import type { HarmlessGrants } from './choose-grants.js';
import { DELAY_STEPS } from './delays.js';
import { answerFinding, unknown } from './facts.js';
import type { Finding, Findings } from './facts.js';
import { grantFacts } from './grant-facts.js';
import { createThrowaway, newName, ownThrowaways, removeThrowaway, renameThrowaway } from './throwaways.js';
import type { LiveThrowaway, Workshop } from './throwaways.js';
import type { RoleId } from '../../model/ids.js';

/** What the writes of a probe are compared with. */
export interface WriteSetting {
  workshop: Workshop;
  grants: HarmlessGrants;
  matrix: Matrix;
  defaultRoleId: RoleId;
  /** Takes each finding as it is made: what is known when a probe stops is in its report. */
  found: Findings;
}

/** Id of the system role Social, which Domo gives to newcomers in some ways. */
const SOCIAL = 5;

/** System roles that a throwaway role may be made from, if all their grants are harmless; the smallest first. */
const SOURCES = [SOCIAL, 4, 3];

/**
 * Finds out what only writes can show, with throwaway roles, at most two at once. Each is made without people, and
 * gets harmless grants as soon as it is there.
 */
export async function writeFacts(setting: WriteSetting): Promise<void> {
  const { workshop, found } = setting;
  try {
    const first = await createFirst(setting);
    if (first === null) return;
    const held = await grantFacts(setting, first);
    const current = await renameFact(setting, first);
    if (held === null) found['start-with-source'] = unknown('the grants of a role could not be written');
    if (await sourceFact(setting, current, held ?? [])) await caseFact(setting, current);
    else found['name-case'] = unknown('the second role could not be deleted, and two at once are the most');
    await deleteFact(setting, current);
  } finally {
    const slowest = workshop.delays.slowest();
    if (slowest !== null) found['write-seen'] = { value: DELAY_STEPS[slowest] as string };
  }
}

/** The first role: made from none or, where the instance refuses that, from a system role that holds little. */
async function createFirst(setting: WriteSetting): Promise<LiveThrowaway | null> {
  const { workshop, found, grants, matrix } = setting;
  const role = await createThrowaway(workshop, newName(workshop), null);
  found['create-without-source'] = { value: role === null ? 'refused' : 'made' };
  if (role !== null) {
    found['start-without-source'] = await startFinding(setting, role);
    return role;
  }
  found['start-without-source'] = unknown('no role is made without fromRoleId');
  const source = SOURCES.find((id) => (matrix.get(id) ?? []).every((grant) => grants.isHarmless(grant)));
  return source === undefined ? null : createThrowaway(workshop, newName(workshop), source);
}

async function startFinding(
  { workshop: { client, delays }, defaultRoleId }: WriteSetting,
  { id }: LiveThrowaway,
): Promise<Finding> {
  const start = await delays.seen(async () => {
    const list = await client.grants(id);
    return list.length > 0 ? list : null;
  }, false);
  if (start === null) return { value: 'empty' };
  if (isSame(start, await client.grants(SOCIAL))) return { value: 'as Social' };
  return { value: isSame(start, await client.grants(defaultRoleId)) ? 'as the default role' : 'other' };
}

async function renameFact({ workshop, found }: WriteSetting, role: LiveThrowaway): Promise<LiveThrowaway> {
  const name = newName(workshop);
  const answer = await renameThrowaway(workshop, role, name);
  found.rename = answerFinding(answer.status, answer.done);
  return answer.done ? { ...role, name } : role;
}

/** Makes a second role from the first, and deletes it. False where it is still there. */
async function sourceFact(
  { workshop, found }: WriteSetting,
  first: LiveThrowaway,
  held: readonly Grant[],
): Promise<boolean> {
  const { client, delays } = workshop;
  const role = await createThrowaway(workshop, newName(workshop), first.id);
  if (role === null) {
    found['start-with-source'] = unknown('the instance refuses a role that is made from another one');
    return true;
  }
  if (held.length > 0) {
    const same = async (): Promise<true | null> => (isSame(await client.grants(role.id), held) ? true : null);
    found['start-with-source'] = {
      value: (await delays.seen(same, false)) ? 'as that role' : 'otherwise',
    };
  }
  return deleteFact({ workshop, found }, role);
}

/** Asks for a role with the name of the first in capitals. */
async function caseFact({ workshop, found }: WriteSetting, first: LiveThrowaway): Promise<void> {
  const letters = first.name.slice(first.name.lastIndexOf(' '));
  const name = `${first.name.slice(0, first.name.lastIndexOf(' '))}${letters.toUpperCase()}`;
  const twin = await createThrowaway(workshop, name, first.id);
  found['name-case'] = { value: twin === null ? 'refused' : 'allowed' };
  if (twin !== null) await deleteFact({ workshop, found }, twin);
}

async function deleteFact(
  { workshop, found }: Pick<WriteSetting, 'workshop' | 'found'>,
  { id }: LiveThrowaway,
): Promise<boolean> {
  const role = ownThrowaways(workshop).find((own) => own.id === id);
  const removal = role ? await removeThrowaway(workshop, role) : null;
  if (removal?.kind !== 'deleted') {
    found.delete ??= unknown(`a role was not deleted: ${removal?.reason ?? 'it is not in the journal'}`);
    return false;
  }
  const { status, body } = removal.answer;
  const hasBody = status === 204 && body !== null;
  found.delete = hasBody ? { value: '204 with a body' } : answerFinding(status, true);
  return true;
}

/** Both lists are sorted. */
function isSame(a: readonly Grant[], b: readonly Grant[]): boolean {
  return a.length === b.length && a.every((grant, index) => grant === b[index]);
}
