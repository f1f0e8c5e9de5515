import type { Grant } from '../../model/grant.js';
import { setGrantsRequest } from '../../routes/requests.js';
import type { HarmlessGrants } from './choose-grants.js';
import { answerFinding, unknown } from './facts.js';
import type { Findings } from './facts.js';
import type { LiveThrowaway, ProbeSession } from './throwaways.js';

/** The result of writing grants with one method. */
interface Written {
  status: number;
  /** The grants of the role afterwards; null if the write had no effect. */
  held: readonly Grant[] | null;
}

/**
 * Writes the grants of a role with `PUT` and `PATCH`, each with another list, and compares the results. Returns the
 * final grants; null if neither method had an effect.
 */
export async function grantFacts(
  { session, grants, found }: { session: ProbeSession; grants: HarmlessGrants; found: Findings },
  role: LiveThrowaway,
): Promise<readonly Grant[] | null> {
  const { dependent, alone } = grants;
  const write = (method: 'PUT' | 'PATCH', grant: Grant): Promise<Written> =>
    writeGrant(session, role, { method, grant, needs: grants.needs(grant) });
  const byPut = await write('PUT', dependent);
  const byPatch = await write('PATCH', byPut.held === null ? dependent : alone);
  const held = byPatch.held ?? byPut.held;
  const written = [byPut, byPatch].filter((one) => one.held !== null);
  const [first] = written;
  if (first === undefined || held === null) {
    const why = unknown(
      `neither PUT (${byPut.status}) nor PATCH (${byPatch.status}) changed the grants of a role`,
    );
    Object.assign(found, { 'grants-methods': why, 'grants-answer': why, 'implied-grants': why });
    return null;
  }
  found['grants-methods'] = { value: methodsOf(byPut, byPatch, dependent) };
  const { status } = written.find((one) => one.status >= 300) ?? first;
  found['grants-answer'] = answerFinding({ status, done: true });
  const needed = grants.needs(dependent);
  const isAdded = (first.held ?? []).some((grant) => needed.includes(grant));
  found['implied-grants'] = { value: isAdded ? 'added' : 'not added' };
  return held;
}

function methodsOf(byPut: Written, byPatch: Written, first: Grant): string {
  if (byPut.held === null) return 'PATCH';
  if (byPatch.held === null) return 'PUT';
  // The second list lacks this grant. If the role still has it, PATCH adds to the existing grants.
  return byPatch.held.includes(first) ? 'PUT, and PATCH adds' : 'PUT and PATCH';
}

/**
 * Sets the grants of a role to one grant. Effective if the role then holds it and lost the grants that it does not
 * need.
 */
async function writeGrant(
  { client, delays }: ProbeSession,
  { id }: LiveThrowaway,
  { method, grant, needs }: { method: 'PUT' | 'PATCH'; grant: Grant; needs: readonly Grant[] },
): Promise<Written> {
  delays.stopIfInterrupted();
  const before = await client.grants(id);
  const mayStay = before.every((one) => one === grant || needs.includes(one));
  const { status } = await client.write(setGrantsRequest(id, [grant], method));
  // The instance does not support this method, so there is nothing to wait for.
  if (status === 404 || status === 405) return { status, held: null };
  const written = async (): Promise<readonly Grant[] | null> => {
    const now = await client.grants(id);
    const isChanged = now.length !== before.length || now.some((one) => !before.includes(one));
    return (isChanged || mayStay) && now.includes(grant) ? now : null;
  };
  const held = await delays.waitFor(written, { accepted: status < 300 });
  return { status, held };
}
