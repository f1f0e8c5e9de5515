import type { Fault } from '../../src/sandbox/index.js';
import { makeState } from '../../src/sandbox/index.js';
import type { FleetDocument } from '../../src/fleet/document.js';
import { BASE, inventoryOf, openFleetSocketStage, tokenOf } from './fleet-stage.js';
import type { FleetStage } from './fleet-stage.js';

/** One way in which an instance is broken, and its expected row. */
interface Broken {
  way: string;
  /** Status and code of the row. */
  row: string;
  faults?: readonly Fault[];
  blocked?: boolean;
  slow?: boolean;
  /** Replaces its own token; null for no token. */
  token?: string | null;
  /** Its entry in the inventory. */
  entry?: string;
}

const always = (name: Fault['name'], more: Partial<Fault> = {}): readonly Fault[] => [
  { name, times: 0, ...more },
];

/** The ways, each separately. Two neighbours that share a token count as two. */
const WAYS: readonly Broken[] = [
  { way: 'refuses the connection', row: 'failed unreachable', faults: always('refused') },
  { way: 'resets the connection', row: 'failed unreachable', faults: always('reset') },
  { way: 'never answers', row: 'failed interrupted', slow: true, faults: always('hung') },
  { way: 'rejects the token', row: 'failed authentication', token: 'no-such-token-' },
  { way: 'does not accept the network', row: 'failed blocked-network', blocked: true },
  { way: 'answers with a page', row: 'failed http-error', faults: always('html-error') },
  { way: 'answers with an error', row: 'failed http-error', faults: always('500') },
  { way: 'answers with half of a JSON', row: 'failed bad-answer', faults: always('malformed') },
  { way: 'cuts a list', row: 'failed short-list', faults: always('short-list', { path: 'users|user/' }) },
  { way: 'has a wrong manifest', row: 'invalid unknown-key', entry: '{ manifest: wrong.yaml }' },
  { way: 'has no manifest', row: 'failed manifest-not-found', entry: '{ manifest: missing.yaml }' },
  { way: 'has the manifest of another', row: 'invalid other-instance', entry: '{ manifest: other.yaml }' },
  { way: 'has no credential', row: 'failed no-credential', token: null },
  { way: 'has a token of another', row: 'failed shared-token', token: 'the-same' },
  { way: 'has a token of another', row: 'failed shared-token', token: 'the-same' },
  {
    way: 'is refused by a guard',
    row: 'refused required-admins',
    entry: '{ overlay: { policy: { requiredAdmins: [no-one@acme.com] } } }',
  },
];

/** A stage with a number of instances, some of them broken in each of these ways. */
export interface BrokenFleet {
  stage: FleetStage;
  /** The expected row of each instance, by name. */
  broken: ReadonlyMap<string, string>;
  /** Instances that never answer. */
  stuck: number;
  healthy: readonly string[];
}

/** Opens the stage. Broken instances are distributed among the healthy ones. */
export async function openBrokenFleet(size: number, brokenOnes: number): Promise<BrokenFleet> {
  const names = Array.from({ length: size }, (_, index) => `i${String(index).padStart(3, '0')}`);
  const step = Math.floor(size / brokenOnes);
  const ways = new Map(
    Array.from({ length: brokenOnes }, (_, index) => [
      names[index * step] as string,
      WAYS[index % WAYS.length] as Broken,
    ]),
  );
  const state = makeState({ roles: 2, people: 6 });
  const stage = await openFleetSocketStage(
    names,
    Object.fromEntries(
      names.map((name) => {
        const way = ways.get(name);
        const quirks = way?.blocked ? { networkBlocked: true } : {};
        return [name, { state, token: tokenOf(name), quirks, faults: way?.faults ?? [] }];
      }),
    ),
  );
  await stage.write('wrong.yaml', `${BASE}rolez: {}\n`);
  await stage.write('other.yaml', `${BASE}instance: some-other\n`);
  await stage.write(
    'fleet.yaml',
    inventoryOf(Object.fromEntries(names.map((name) => [name, ways.get(name)?.entry ?? '{}']))),
  );
  const tokens = names.flatMap((name) => {
    const token = ways.get(name)?.token;
    // A row with this cause is separate.
    const own = token?.endsWith('-') ? `${token}${name}` : token;
    return own === null ? [] : [[name, own ?? tokenOf(name)]];
  });
  await stage.write('tokens.json', JSON.stringify(Object.fromEntries(tokens)));
  return {
    stage,
    broken: new Map([...ways].map(([name, { row }]) => [name, row])),
    stuck: [...ways.values()].filter(({ slow }) => slow).length,
    healthy: names.filter((name) => !ways.has(name)),
  };
}

/** `failed unreachable` for each row, by name. */
export function causesOf({ rows }: FleetDocument): Map<string, string> {
  return new Map(
    rows.map(({ instance, status, problems, refusals }) => [
      instance,
      [status, ...new Set([...problems, ...refusals].map(({ code }) => code))].join(' '),
    ]),
  );
}
