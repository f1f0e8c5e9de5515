import type { Grant } from '../../model/grant.js';
import { setGrantsRequest } from '../../routes/requests.js';
import type { HarmlessGrants } from './choose-grants.js';
import { answerFinding, unknown } from './facts.js';
import type { Findings } from './facts.js';
import type { LiveThrowaway, Workshop } from './throwaways.js';

/** One form of writing grants that was tried. */
interface Written {
  status: number;
  /** What the role holds afterwards; null where the write had no effect. */
  held: readonly Grant[] | null;
}

/**
 * Writes the grants of a role by both methods, with another list each, and compares what it holds. Gives what it holds
 * at the end; null where neither method did anything.
 */
export async function grantFacts(
  { workshop, grants, found }: { workshop: Workshop; grants: HarmlessGrants; found: Findings },
  role: LiveThrowaway,
): Promise<readonly Grant[] | null> {
  const { dependent, alone } = grants;
  const write = (method: 'PUT' | 'PATCH', grant: Grant): Promise<Written> =>
    writeGrant(workshop, role, { method, grant, needs: grants.needs(grant) });
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
  found['grants-answer'] = answerFinding((written.find(({ status }) => status >= 300) ?? first).status, true);
  const needed = grants.needs(dependent);
  const isAdded = (first.held ?? []).some((grant) => needed.includes(grant));
  found['implied-grants'] = { value: isAdded ? 'added' : 'not added' };
  return held;
}

function methodsOf(byPut: Written, byPatch: Written, first: Grant): string {
  if (byPut.held === null) return 'PATCH';
  if (byPatch.held === null) return 'PUT';
  // The second list is without this grant: where it stays, PATCH adds to what is there.
  return byPatch.held.includes(first) ? 'PUT, and PATCH adds' : 'PUT and PATCH';
}

/** Gives a role one grant alone. It had an effect where the role holds it, and lost what it neither is nor needs. */
async function writeGrant(
  { client, delays }: Workshop,
  { id }: LiveThrowaway,
  { method, grant, needs }: { method: 'PUT' | 'PATCH'; grant: Grant; needs: readonly Grant[] },
): Promise<Written> {
  delays.stopIfInterrupted();
  const before = await client.grants(id);
  const mayStay = before.every((one) => one === grant || needs.includes(one));
  const { status } = await client.write(setGrantsRequest(id, [grant], method));
  // The instance does not know this form at all: there is nothing to wait for.
  if (status === 404 || status === 405) return { status, held: null };
  const held = await delays.seen(async () => {
    const now = await client.grants(id);
    const isChanged = now.length !== before.length || now.some((one) => !before.includes(one));
    return (isChanged || mayStay) && now.includes(grant) ? now : null;
  }, status < 300);
  return { status, held };
}
