import { isSameList } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { SYSTEM_ROLES } from '../../model/role.js';
import { codesOf } from './attempt.js';
import type { Attempt } from './attempt.js';
import type { Matrix } from './client.js';
import type { HarmlessGrants } from './choose-grants.js';
import { DELAY_STEPS } from './delays.js';
import { answerFinding, unknown } from './facts.js';
import type { FactId, Finding, Findings } from './facts.js';
import { grantFacts } from './grant-facts.js';
import { createThrowaway, newName, ownThrowaways, removeThrowaway, renameThrowaway } from './throwaways.js';
import type { LiveThrowaway, ProbeSession } from './throwaways.js';
import type { RoleId } from '../../model/ids.js';

/** What the write facts need. */
export interface WriteContext {
  session: ProbeSession;
  grants: HarmlessGrants;
  matrix: Matrix;
  defaultRoleId: Attempt<RoleId>;
  /** Receives each finding immediately, so that the report of a stopped probe has them. */
  found: Findings;
}

/** System roles to create a throwaway role from, if all their grants are harmless. Fewest grants first. */
const SOURCES = [SYSTEM_ROLES.Social, SYSTEM_ROLES.Participant, SYSTEM_ROLES.Editor];

const REFUSED_WITHOUT_SOURCE = 'no role is made without fromRoleId';
const REFUSED_WITH_SOURCE = 'the instance refuses a role that is made from another one';

/** Facts that the refusal of a create decides. */
export const CREATE_FACTS = [
  'create-without-source',
  'start-without-source',
  'start-with-source',
  'name-case',
] as const satisfies readonly FactId[];

/** Does a finding say that a create was refused? */
export function saysRefused(finding: Finding): boolean {
  if (finding.value !== null) return finding.value === 'refused';
  return [REFUSED_WITHOUT_SOURCE, REFUSED_WITH_SOURCE].includes(finding.reason);
}

/**
 * Determines the facts that need writes, with at most two throwaway roles at a time. The roles have no members, and get
 * harmless grants immediately.
 */
export async function writeFacts(context: WriteContext): Promise<void> {
  const { session, found } = context;
  try {
    const first = await createFirstRole(context);
    if (first === null) return;
    const held = await grantFacts(context, first);
    const current = await probeRename(context, first);
    if (held === null) found['start-with-source'] = unknown('the grants of a role could not be written');
    if (await probeSource(context, current, held ?? [])) await probeNameCase(context, current);
    else
      found['name-case'] = unknown(
        'the second role could not be deleted, and no more than two may exist at once',
      );
    await probeDelete(context, current);
  } finally {
    const slowest = session.delays.slowest();
    if (slowest !== null) found['write-seen'] = { value: DELAY_STEPS[slowest] as string };
  }
}

/** Creates the first role without a source or, if the instance refuses that, from a small system role. */
async function createFirstRole(context: WriteContext): Promise<LiveThrowaway | null> {
  const { session, found, grants, matrix } = context;
  const role = await createThrowaway(session, newName(session), null);
  found['create-without-source'] = { value: role === null ? 'refused' : 'made' };
  if (role !== null) {
    found['start-without-source'] = await startFinding(context, role);
    return role;
  }
  found['start-without-source'] = unknown(REFUSED_WITHOUT_SOURCE);
  const source = SOURCES.find((id) => (matrix.get(id) ?? []).every((grant) => grants.isHarmless(grant)));
  return source === undefined ? null : createThrowaway(session, newName(session), source);
}

async function startFinding(
  { session: { client, delays }, defaultRoleId }: WriteContext,
  { id }: LiveThrowaway,
): Promise<Finding> {
  const held = async (): Promise<readonly Grant[] | null> => {
    const list = await client.grants(id);
    return list.length > 0 ? list : null;
  };
  const start = await delays.waitFor(held, { accepted: false });
  if (start === null) return { value: 'empty' };
  if (isSameList(start, await client.grants(SYSTEM_ROLES.Social))) return { value: 'as Social' };
  if ('error' in defaultRoleId)
    return unknown(`the default role cannot be read (${codesOf(defaultRoleId.error)})`);
  const asDefault = isSameList(start, await client.grants(defaultRoleId.value));
  return { value: asDefault ? 'as the default role' : 'other' };
}

async function probeRename({ session, found }: WriteContext, role: LiveThrowaway): Promise<LiveThrowaway> {
  const name = newName(session);
  const answer = await renameThrowaway(session, role, name);
  found.rename = answerFinding(answer);
  return answer.done ? { ...role, name } : role;
}

/** Creates a second role from the first and deletes it. Returns false if the delete failed. */
async function probeSource(
  { session, found }: WriteContext,
  first: LiveThrowaway,
  held: readonly Grant[],
): Promise<boolean> {
  const { client, delays } = session;
  const role = await createThrowaway(session, newName(session), first.id);
  if (role === null) {
    found['start-with-source'] = unknown(REFUSED_WITH_SOURCE);
    return true;
  }
  if (held.length > 0) {
    const same = async (): Promise<true | null> =>
      isSameList(await client.grants(role.id), held) ? true : null;
    found['start-with-source'] = {
      value: (await delays.waitFor(same, { accepted: false })) ? 'as that role' : 'otherwise',
    };
  }
  return probeDelete({ session, found }, role);
}

/** Creates a role with the name of the first in capitals. */
async function probeNameCase({ session, found }: WriteContext, first: LiveThrowaway): Promise<void> {
  const letters = first.name.slice(first.name.lastIndexOf(' '));
  const name = `${first.name.slice(0, first.name.lastIndexOf(' '))}${letters.toUpperCase()}`;
  const twin = await createThrowaway(session, name, first.id);
  found['name-case'] = { value: twin === null ? 'refused' : 'allowed' };
  if (twin !== null) await probeDelete({ session, found }, twin);
}

async function probeDelete(
  { session, found }: Pick<WriteContext, 'session' | 'found'>,
  { id }: LiveThrowaway,
): Promise<boolean> {
  const role = ownThrowaways(session).find((own) => own.id === id);
  const removal = role ? await removeThrowaway(session, role) : null;
  if (removal?.kind !== 'deleted') {
    found.delete ??= unknown(`a role was not deleted: ${removal?.reason ?? 'it is not in the journal'}`);
    return false;
  }
  const { status, body } = removal.answer;
  const hasBody = status === 204 && body !== null;
  found.delete = hasBody ? { value: '204 with a body' } : answerFinding({ status, done: true });
  return true;
}
