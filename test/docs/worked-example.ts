import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReader } from '../../src/live/open-reader.js';
import { loadManifest } from '../../src/manifest/load/load.js';
import type { Grant } from '../../src/model/grant.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { Change } from '../../src/plan/change.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { readWholeSnapshot } from '../../src/reconcile/read-live-state.js';
import { openRoutes } from '../../src/routes/index.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { openSandbox } from '../../src/sandbox/index.js';
import { perform } from '../support/interpreter.js';

const NOW = '2026-01-01T00:00:00.000Z';
const ROLE = 'Finance Viewer';
const PEOPLE = ['bea', 'carl', 'zoe'] as const;

/** The tables of the worked example, by the name of their place in the page. */
export type Tables = Readonly<Record<'ends' | 'grants-first' | 'moves-first' | 'planned', string>>;

/** Reads the sandbox as it starts, plans the page's manifest on it, and watches who holds what after each write. */
export async function workedExample(manifest: string): Promise<Tables> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-example-'));
  const sandbox = await openSandbox({});
  try {
    await writeFile(join(folder, 'domo-roles.yaml'), manifest);
    const loaded = await loadManifest([], { cwd: folder });
    const routes = openRoutes({
      instance: 'sandbox',
      auth: { accessToken: sandbox.token },
      fetch: (request: Request) => sandbox.fetch(request),
    });
    const snapshot = await readWholeSnapshot(openReader(routes, { instance: 'sandbox', sandbox: true }));
    const { changes } = makePlan(loaded, snapshot, { now: NOW, version: '0', requestsFor });
    return tablesOf(snapshot, changes);
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function tablesOf(start: Snapshot, planned: readonly Change[]): Tables {
  const whole = planned.find((change) => change.kind === 'grants.set' && change.stage === 'after-moves');
  const moves = planned.filter((change) => change.kind === 'members.move');
  if (whole === undefined) throw new Error('the example is no longer split');
  const end = perform(start, planned).at(-1) ?? start;
  const before = grantsOf(start, ROLE);
  const after = grantsOf(end, ROLE);
  const shown = [...new Set([...before, ...after])].sort();
  const watched = shown.filter((grant) => before.includes(grant) !== after.includes(grant));

  const tableOf = (changes: readonly Change[]): string => {
    const states = perform(start, changes);
    return table(
      ['after the request', ...PEOPLE.map(nameOf), 'too much'],
      changes.map((change, index) => {
        const now = states[index] ?? start;
        const excess = PEOPLE.flatMap((who) =>
          held(now, who)
            .filter((grant) => !held(start, who).includes(grant) && !held(end, who).includes(grant))
            .map((grant) => `${nameOf(who)} holds ${code(grant)}`),
        );
        return [
          `${index + 1}. ${changeText(change)}`,
          ...PEOPLE.map((who) => list(held(now, who).filter((grant) => shown.includes(grant)))),
          excess.length === 0 ? 'nothing' : `**${excess.join(', ')}**`,
        ];
      }),
    );
  };
  return {
    ends: table(
      ['', 'before', 'after'],
      PEOPLE.map((who) => [
        nameOf(who),
        ...[start, end].map((state) => list(held(state, who).filter((grant) => watched.includes(grant)))),
      ]),
    ),
    'grants-first': tableOf([whole, ...moves]),
    'moves-first': tableOf([...moves, whole]),
    planned: tableOf(planned),
  };
}

function held(state: Snapshot, who: string): readonly Grant[] {
  const person = state.people.list.find(({ email }) => email === `${who}@acme.com`);
  return state.roles.find(({ id }) => id === person?.roleId)?.grants ?? [];
}

function grantsOf(state: Snapshot, name: string): readonly Grant[] {
  return state.roles.find((role) => role.name === name)?.grants ?? [];
}

function changeText(change: Change): string {
  if (change.kind === 'grants.set') return `${change.role} holds ${list(change.after)}`;
  if (change.kind !== 'members.move') throw new Error(`no words for ${change.kind}`);
  const people = change.people.map(({ email }) => nameOf((email ?? '').split('@')[0] ?? ''));
  return `${people.join(', ')} to ${change.role}`;
}

const nameOf = (who: string): string => `${who.charAt(0).toUpperCase()}${who.slice(1)}`;
const code = (text: string): string => `\`${text}\``;
const list = (grants: readonly Grant[]): string =>
  grants.length === 0 ? 'none' : grants.map(code).join(', ');

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
