import type { Clock } from '../../src/apply/options.js';
import type { LiveWriter, WriteAnswer } from '../../src/apply/writer.js';
import type { LiveReader, PartialSnapshot } from '../../src/live/reader.js';
import { dependenciesOf } from '../../src/model/closure.js';
import type { Catalogue, Grant } from '../../src/model/grant.js';
import { grantList } from '../../src/model/grant.js';
import type { Person, PersonKind } from '../../src/model/person.js';
import type { LiveAllowlist, LiveRole, Snapshot } from '../../src/model/snapshot.js';
import { problem, ProblemError } from '../../src/problem/problem.js';

interface WorldRole {
  id: number;
  name: string;
  description: string;
  grants: Grant[];
}

interface WorldState {
  roles: WorldRole[];
  people: Person[];
  defaultRoleId: number;
  allowlist: LiveAllowlist;
}

/** How the world misreports one write. `late` and `lost-late` become visible only later. */
export type FalseAnswer =
  | 'honest'
  | 'applied-but-400'
  | 'yes-not-applied'
  | 'lost-applied'
  | 'lost-not-applied'
  | 'late'
  | 'lost-late'
  | 'refused'
  | 'busy';

export const FALSE_ANSWERS: readonly FalseAnswer[] = [
  'honest',
  'applied-but-400',
  'yes-not-applied',
  'lost-applied',
  'lost-not-applied',
  'late',
  'lost-late',
  'refused',
  'busy',
];

/** A write as the world recorded it. */
interface WorldWrite {
  call: keyof LiveWriter;
  target: number | string;
  applied: boolean;
}

/** The controls of the world for tests. */
export interface ApplyWorld {
  state: WorldState;
  reader: LiveReader;
  writer: LiveWriter;
  clock: Clock;
  writes: WorldWrite[];
  /** The received reads, by method. */
  reads: string[];
  /** False answers for the next writes, in order; later writes are answered truthfully. */
  falseAnswers: FalseAnswer[];
  quirks: { addsDependencies: boolean; ignoresStart: boolean; unreadableSettings: boolean };
  /** Called before every request, including reads. May throw or change the state. */
  onRequest: (name: string) => void;
  snapshot(): Promise<Snapshot>;
  role(name: string): WorldRole | undefined;
}

/** A small catalogue with one dependency. */
export const CATALOGUE: Catalogue = [
  entry('a.admin', ['a.edit', 'ui.admin']),
  entry('a.edit'),
  entry('a.export'),
  entry('a.view'),
  entry('authorization.roles'),
  entry('b.edit', ['b.view']),
  entry('b.view'),
];

function entry(grant: Grant, dependsOn: readonly Grant[] = []): Catalogue[number] {
  return { grant, title: grant, group: 'DATA', dependsOn, adminLevel: null, features: [] };
}

const LATE_MS = 3_000;

/**
 * An instance in memory with the rules of the server. It gives false answers on request, and knows its true state.
 */
export function applyWorld(): ApplyWorld {
  const time = { now: Date.UTC(2026, 0, 1) };
  const deps = dependenciesOf(CATALOGUE);
  const seen: { from: number; state: WorldState }[] = [];
  let nextId = 900;
  const world: ApplyWorld = {
    state: firstState(),
    writes: [],
    reads: [],
    falseAnswers: [],
    quirks: { addsDependencies: false, ignoresStart: false, unreadableSettings: false },
    onRequest: () => undefined,
    clock: {
      now: () => time.now,
      sleep: async (ms) => {
        time.now += ms;
      },
    },
    reader: {} as LiveReader,
    writer: {} as LiveWriter,
    async snapshot() {
      const core = await world.reader.readCore();
      return { ...core, people: await world.reader.readPeople() };
    },
    role: (name) => world.state.roles.find((role) => role.name === name),
  };

  /** The state as a reader sees it: a late write is visible only after its delay. */
  const visible = (name: string): WorldState => {
    world.reads.push(name);
    world.onRequest(name);
    const hidden = seen.find((view) => view.from > time.now);
    return hidden ? hidden.state : world.state;
  };

  const write = async (
    call: keyof LiveWriter,
    target: number | string,
    change: (state: WorldState) => string | number | null,
  ): Promise<WriteAnswer> => {
    world.onRequest(call);
    const falseAnswer = world.falseAnswers.shift() ?? 'honest';
    const isLate = falseAnswer === 'late' || falseAnswer === 'lost-late';
    const before = isLate ? structuredClone(world.state) : world.state;
    const applies =
      falseAnswer !== 'yes-not-applied' &&
      falseAnswer !== 'lost-not-applied' &&
      falseAnswer !== 'refused' &&
      falseAnswer !== 'busy';
    const result = applies ? change(world.state) : null;
    const refused = typeof result === 'string';
    if (applies && !refused && isLate) {
      seen.push({ from: time.now + LATE_MS, state: before });
    }
    world.writes.push({ call, target, applied: applies && !refused });
    if (refused) return { kind: 'refused', status: 400, message: result };
    const id = call === 'createRole' ? result : null;
    switch (falseAnswer) {
      case 'honest':
      case 'late':
        return { kind: 'accepted', status: 200, id };
      case 'yes-not-applied':
        return { kind: 'accepted', status: 200, id: null };
      case 'applied-but-400':
        return { kind: 'refused', status: 400, message: 'Bad Request' };
      case 'refused':
        return { kind: 'refused', status: 403, message: 'Forbidden' };
      case 'busy':
        return { kind: 'refused', status: 503, message: 'Service Unavailable' };
      case 'lost-applied':
      case 'lost-late':
      case 'lost-not-applied':
        return { kind: 'lost', message: 'the connection was reset' };
    }
  };
  const given = (grants: readonly Grant[]): Grant[] =>
    grantList(world.quirks.addsDependencies ? deps.closure(grants) : grants);
  const withRole = (
    state: WorldState,
    id: number,
    change: (role: WorldRole) => string | null,
  ): string | null => {
    const role = state.roles.find((one) => one.id === id);
    if (!role || id <= 5) return 'Bad Request';
    return change(role);
  };

  world.writer = {
    createRole: ({ name, description, fromRoleId }) =>
      write('createRole', name, (state) => {
        if (state.roles.some((role) => role.name === name)) return 'name in use';
        const from = state.roles.find((role) => role.id === fromRoleId);
        const grants = world.quirks.ignoresStart ? ['a.view'] : [...(from?.grants ?? [])];
        const id = nextId++;
        state.roles.push({ id, name, description, grants });
        return id;
      }),
    updateRole: ({ id, name, description }) =>
      write('updateRole', id, (state) => {
        if (state.roles.some((role) => role.name === name && role.id !== id)) return 'name in use';
        return withRole(state, id, (role) => {
          Object.assign(role, { name, description });
          return null;
        });
      }),
    setGrants: (id, grants) =>
      write('setGrants', id, (state) =>
        withRole(state, id, (role) => {
          role.grants = given(grants);
          return null;
        }),
      ),
    moveMembers: (id, people) =>
      write('moveMembers', id, (state) => {
        if (!state.roles.some((role) => role.id === id)) return 'no such role';
        for (const person of state.people) if (people.includes(person.id)) person.roleId = id;
        return null;
      }),
    setDefaultRole: (id, allowlist) =>
      write('setDefaultRole', id, (state) => {
        state.defaultRoleId = id;
        if (typeof allowlist !== 'string') state.allowlist = sortedIds([...allowlist, id, 5]);
        return null;
      }),
    setAllowlist: (allowlist, defaultRoleId) =>
      write('setAllowlist', 'allowlist', (state) => {
        state.allowlist = allowlist === null ? 'off' : sortedIds([...allowlist, defaultRoleId, 5]);
        return null;
      }),
    deleteRole: (id) =>
      write('deleteRole', id, (state) => {
        if (state.people.some((person) => person.roleId === id)) return 'role has members';
        if (state.defaultRoleId === id) return 'default role';
        return withRole(state, id, () => {
          state.roles = state.roles.filter((role) => role.id !== id);
          return null;
        });
      }),
  };
  world.reader = readerOf(visible, world);
  return world;
}

function readerOf(visible: (name: string) => WorldState, world: ApplyWorld): LiveReader {
  const rolesOf = (state: WorldState): LiveRole[] =>
    state.roles
      .map((role) => ({
        ...role,
        userCount: state.people.filter((person) => person.roleId === role.id).length,
        grantCount: role.grants.length,
      }))
      .sort((a, b) => a.id - b.id);
  const listed = (state: WorldState): Person[] =>
    state.people.filter((person) => person.kind !== 'support' && person.kind !== 'system');
  const settings = (state: WorldState): Pick<Snapshot, 'defaultRoleId' | 'allowlist'> => ({
    defaultRoleId: state.defaultRoleId,
    allowlist: world.quirks.unreadableSettings ? 'unreadable' : state.allowlist,
  });
  return {
    async readCore(): Promise<PartialSnapshot> {
      const state = structuredClone(visible('readCore'));
      const me = { id: 1, email: 'root@acme.com', name: 'root' };
      return {
        instance: 'acme',
        sandbox: false,
        me,
        roles: rolesOf(state),
        people: null,
        catalogue: CATALOGUE,
        ...settings(state),
      };
    },
    readPeople: async () => ({ scope: 'all', list: structuredClone(listed(visible('readPeople'))) }),
    readAdmins: async () => {
      const state = visible('readAdmins');
      const admins = new Set(
        state.roles.filter((role) => role.grants.includes('authorization.roles')).map((role) => role.id),
      );
      return {
        scope: 'admins',
        list: structuredClone(listed(state).filter((one) => admins.has(one.roleId))),
      };
    },
    readHiddenMembers: async (ids) =>
      visible('readHiddenMembers').people.filter(
        ({ roleId, kind }) => ids.includes(roleId) && kind === 'support',
      ),
    async readRoleGrants(id) {
      const role = visible('readRoleGrants').roles.find((one) => one.id === id);
      if (!role) throw new ProblemError(problem('not-found', `there is no role ${id}`));
      return [...role.grants];
    },
    readRoles: async () => structuredClone(rolesOf(visible('readRoles'))),
    readRoleMembers: async (id) =>
      visible('readRoleMembers')
        .people.filter((one) => one.roleId === id)
        .map((one) => one.id),
    readPeopleByIds: async (ids) =>
      structuredClone(visible('readPeopleByIds').people.filter((one) => ids.includes(one.id))),
    readSettings: async () => settings(visible('readSettings')),
    readMatrix: async () => {
      const listedGrants = new Set(CATALOGUE.map((one) => one.grant));
      return new Map(
        visible('readMatrix').roles.map((role) => [
          role.id,
          role.grants.filter((one) => listedGrants.has(one)),
        ]),
      );
    },
  };
}

function sortedIds(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}

function firstState(): WorldState {
  const role = (id: number, name: string, grants: Grant[]): WorldRole => ({
    id,
    name,
    description: '',
    grants,
  });
  const person = (id: number, name: string, roleId: number, kind: PersonKind = 'active'): Person => ({
    id,
    email: `${name}@acme.com`,
    name,
    roleId,
    kind,
  });
  return {
    roles: [
      role(1, 'Admin', [
        'a.admin',
        'a.edit',
        'a.export',
        'a.view',
        'authorization.roles',
        'b.edit',
        'b.view',
      ]),
      role(4, 'Participant', ['a.view']),
      role(5, 'Social', ['a.view']),
      role(100, 'Analyst', ['a.edit', 'a.export', 'a.view']),
      role(101, 'Writer', ['a.edit', 'b.view']),
      role(102, 'Old', ['a.view']),
      role(103, 'Ring A', ['a.view']),
      role(104, 'Ring B', ['b.view']),
    ],
    people: [
      person(1, 'root', 1),
      person(10, 'ana', 100),
      person(11, 'bo', 101),
      person(12, 'cy', 102),
      person(13, 'di', 4),
      person(14, 'support', 102, 'support'),
    ],
    defaultRoleId: 4,
    allowlist: [4, 5],
  };
}
