import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoadedManifest, ManifestRole } from '../../src/manifest/manifest.js';
import { nearName } from '../../src/model/near-name.js';
import type { Person } from '../../src/model/person.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { parseAllow } from '../../src/plan/guards/allow.js';
import type { Change } from '../../src/plan/change.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { applyTo, hasEffect } from '../support/apply-run.js';
import { applyWorld, CATALOGUE } from '../support/apply-world.js';
import type { ApplyWorld, FalseAnswer } from '../support/apply-world.js';
import { exactGrants, loadedOf, members, person, wantedRole, WIDE_POLICY } from '../support/arbitraries.js';
import { inputs } from '../support/law.js';

const ALLOW = parseAllow(['escalation', 'min-admins', 'self-lockout']);

function plan(loaded: LoadedManifest, snapshot: Snapshot): Plan {
  return makePlan(loaded, snapshot, {
    now: '2026-01-01T00:00:00.000Z',
    version: '0',
    requestsFor: () => [],
    allow: ALLOW,
  });
}

/** Names that contain the separators of change ids, so that one is often a prefix of another. */
const BEFORE = [
  '',
  '',
  '',
  'new:',
  '{new:',
  'grants.set:',
  '/before-moves:',
  '/last:',
  '#',
  '+',
  'role.create',
];
const BASES = ['Team', 'Team', 'Team', '~domo-roles 101', '~domo-roles 102', '100', 'allowlist'];
const AFTER = ['', '', '~after-moves', '~before-moves', '~last', '~temporary', ':', '/', '}', '@101', ' 2'];
const anyName = fc
  .tuple(fc.constantFrom(...BEFORE), fc.constantFrom(...BASES), fc.constantFrom(...AFTER))
  .map((parts) => parts.join(''));
const anyGrants = fc.subarray(
  CATALOGUE.map(({ grant }) => grant).filter((one) => one !== 'authorization.roles'),
);

interface WantedRole {
  name: string;
  /** Live under this name or the name of the next role; else it is created. */
  live: 'same' | 'next' | 'no';
  had: string[];
  wanted: string[];
  kept: boolean;
}
const anyWantedRoles = fc.uniqueArray(
  fc.record<WantedRole>({
    name: anyName,
    live: fc.constantFrom('same', 'same', 'next', 'no'),
    had: anyGrants,
    wanted: anyGrants,
    kept: fc.integer({ min: 0, max: 5 }).map((roll) => roll > 0),
  }),
  { minLength: 3, maxLength: 6, selector: ({ name }) => nearName(name) },
);
const anyPlaces = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })), { minLength: 5, maxLength: 9 });

interface Case {
  world: ApplyWorld;
  loaded: LoadedManifest;
}

/** An instance with these roles, some with swapped names, and a manifest for them. */
function caseOf(wishes: readonly WantedRole[], places: readonly (readonly [number, number])[]): Case {
  const world = applyWorld();
  const live = wishes.filter((one) => one.live !== 'no');
  const exchanged = live.filter((one) => one.live === 'next' && one.kept);
  const nameOf = (one: WantedRole): string => {
    const at = exchanged.indexOf(one);
    return at < 0 ? one.name : (exchanged[(at + 1) % exchanged.length]?.name ?? one.name);
  };
  const idOf = new Map(live.map((one, index) => [one, 100 + index]));
  world.state.roles = [
    ...world.state.roles.filter(({ id }) => id <= 5),
    ...live.map((one) => ({
      id: idOf.get(one) ?? 0,
      name: nameOf(one),
      description: '',
      grants: [...one.had],
    })),
  ];
  const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
  const ids = places.map((_, index) => 10 + index);
  world.state.people = [
    ...world.state.people.filter(({ id }) => id === 1),
    ...places.map(([from], index): Person => person(10 + index, at([4, ...idOf.values()], from))),
  ];
  const kept = wishes.filter((one) => one.kept || one.live === 'no');
  const roles = kept.map((one): ManifestRole => {
    const mine = ids.filter((_, index) => at(kept, at(places, index)[1]) === one);
    return wantedRole(one.name, {
      id: idOf.get(one) ?? null,
      grants: exactGrants(...one.wanted),
      members: members('additive', ...mine),
    });
  });
  const removed = live.filter((one) => !one.kept).map(nameOf);
  return {
    world,
    loaded: loadedOf({ roles, removed, policy: { ...WIDE_POLICY, removedMembersTo: 'Social' } }),
  };
}

/** Compares plain lists, because copies of the reader belong to another realm. */
async function snapshotOfWorld(world: ApplyWorld): Promise<Snapshot> {
  return JSON.parse(JSON.stringify(await world.snapshot())) as Snapshot;
}

/** Changes that no later change overwrites, so that the final state proves or disproves them. */
function provable(changes: readonly Change[]): Change[] {
  return changes.filter(
    (change, index) =>
      !changes.slice(index + 1).some((later) => later.kind === change.kind && later.roleId === change.roleId),
  );
}

describe('roles whose names are made of the words and separators of change ids', () => {
  const falseAnswers = fc.array(
    fc.constantFrom<FalseAnswer>('honest', 'honest', 'refused', 'yes-not-applied'),
    {
      minLength: 1,
      maxLength: 20,
    },
  );

  it('get unique change ids and correct outcomes', async () => {
    let [failures, splits] = [0, 0];
    await fc.assert(
      fc.asyncProperty(anyWantedRoles, anyPlaces, falseAnswers, async (wishes, places, answers) => {
        const { world, loaded } = caseOf(wishes, places);
        const made = plan(loaded, await snapshotOfWorld(world));
        expect(made.refusals).toEqual([]);
        expect(new Set(made.changes.map(({ id }) => id)).size).toBe(made.changes.length);

        world.falseAnswers.push(...answers);
        const outcome = await applyTo(world, made);

        expect(outcome.changes.map(({ id }) => id)).toEqual(made.changes.map(({ id }) => id));
        const status = new Map(outcome.changes.map((one) => [one.id, one.status]));
        for (const { id } of provable(made.changes)) {
          const ended = status.get(id);
          if (ended !== 'skipped')
            expect([id, ended, hasEffect(world, made, id)]).toEqual([id, ended, ended !== 'failed']);
        }
        failures += outcome.summary.failed > 0 ? 1 : 0;
        splits += made.changes.some(({ step }) => step === 'before-moves') ? 1 : 0;
      }),
      { numRuns: inputs(400) },
    );
    expect(failures).toBeGreaterThan(inputs(400) / 4);
    expect(splits).toBeGreaterThan(inputs(400) / 20);
  }, 120_000);

  it('are as planned after an apply, with nothing left to plan', async () => {
    let changes = 0;
    await fc.assert(
      fc.asyncProperty(anyWantedRoles, anyPlaces, async (wishes, places) => {
        const { world, loaded } = caseOf(wishes, places);
        const made = plan(loaded, await snapshotOfWorld(world));
        const outcome = await applyTo(world, made);
        expect(outcome.summary).toMatchObject({ failed: 0, skipped: 0, unknown: 0 });
        expect(plan(loaded, await snapshotOfWorld(world)).changes).toEqual([]);
        changes += made.changes.length;
      }),
      { numRuns: inputs(200) },
    );
    expect(changes).toBeGreaterThan(inputs(200) * 5);
  }, 120_000);
});
