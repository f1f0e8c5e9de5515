import { shippedCatalogue, type CatalogueLine } from './catalogue.js';
import { openRandom } from './random.js';
import type { SandboxAuthority, SandboxRole, SandboxState, SandboxUser } from './state.js';
import { DEFAULT_CREATED_AT } from './user-rows.js';

/** The default access token of a sandbox. It belongs to an Admin. */
export const SANDBOX_TOKEN = 'sandbox-access-token';
/** The password of every active person of the seeded company. */
export const SANDBOX_PASSWORD = 'sandbox-password';

// Features that this company has off, because not every instance has every authority.
const FEATURES_OFF = new Set([
  'federated-oauth-accounts',
  'marketplace-publisher-management-instance',
  'projects-tasks-private-grant',
]);

const SYSTEM_ROLES: readonly [id: number, name: string, description: string][] = [
  [1, 'Admin', 'Has all grants and manages the instance'],
  [2, 'Privileged', 'Edits all content and invites people'],
  [3, 'Editor', 'Edits content'],
  [4, 'Participant', 'Views and exports content'],
  [5, 'Social', 'Views content that was shared'],
];

/** Returns an instance with the catalogue, the system roles and no people, with overrides. */
export function blankState(overrides: Partial<SandboxState> = {}): SandboxState {
  const catalogue = shippedCatalogue();
  const features = new Set(catalogue.flatMap((entry) => entry.features));
  const on = [...features].filter((feature) => !FEATURES_OFF.has(feature)).sort();
  const exists = catalogue.filter((entry) => entry.features.every((feature) => on.includes(feature)));
  return {
    formatVersion: 1,
    kind: 'sandbox',
    instance: 'sandbox',
    users: [],
    roles: SYSTEM_ROLES.map(([id, name, description]) => ({
      id,
      name,
      description,
      authorities: exists.filter((entry) => entry.systemRoleIds.includes(id)).map((entry) => entry.authority),
      created: DEFAULT_CREATED_AT,
      modified: DEFAULT_CREATED_AT,
    })),
    settings: { defaultRoleId: 2, allowlistRoleIds: null },
    customerStates: {},
    authorities: catalogue.map(withoutHolders),
    features: on,
    tokens: {},
    sessions: {},
    passwords: {},
    audit: [],
    nextId: { role: 810_900_001, user: 1_345_500_001 },
    ...overrides,
  };
}

function withoutHolders({ systemRoleIds, ...entry }: CatalogueLine): SandboxAuthority {
  void systemRoleIds;
  return entry;
}

const EDITING = ['content.card.edit', 'content.page.edit', 'content.card.analyzerview', 'content.export'];
const LOOKING = [
  'alert.edit',
  'appstore.read',
  'domoapps.read',
  'content.export',
  'gateway.oauth.client.create',
];

const CUSTOM_ROLES: readonly Pick<SandboxRole, 'id' | 'name' | 'description' | 'authorities'>[] = [
  {
    id: 810_756_122,
    name: 'Data Analyst',
    description: 'Builds cards and data sets',
    authorities: [
      ...LOOKING,
      ...EDITING.slice(0, 3),
      'dataset.export',
      'dataset.manage',
      'dataflow.manage',
      'dataflow.magic',
    ],
  },
  {
    id: 271_840_365,
    name: 'Data Engineer',
    description: 'Keeps connectors and dataflows running',
    authorities: [
      'alert.edit',
      'dataset.manage',
      'dataset.export',
      'dataset.account.create',
      'dataflow.manage',
      'dataflow.magic',
      'dataflow.adrenaline',
      'workbench.download',
      'fileshare.create',
    ],
  },
  {
    id: 604_118_927,
    name: 'Finance Viewer',
    description: 'Reads the finance pages',
    authorities: ['alert.edit', 'gateway.oauth.client.create'],
  },
  {
    id: 939_502_218,
    name: 'People Manager',
    description: 'Invites people and keeps groups in order',
    authorities: [...LOOKING, 'user.invite', 'group.edit', 'profile.achieve.assign'],
  },
  {
    id: 158_233_404,
    name: 'Old Reporting',
    description: null,
    authorities: ['alert.edit', 'content.export'],
  },
];

const PEOPLE: readonly [role: string, department: string | null, names: string][] = [
  ['Admin', 'IT', 'Root Keeper, Ines Marek, Tomas Okafor'],
  ['Privileged', 'Operations', 'Grace Lund, Hugo Varga, Petra Simms, Noah Fields'],
  ['Editor', 'Marketing', 'Cleo Hart, Dan Ruiz, Eva Novak, Finn Abara, Lena Brook'],
  [
    'Participant',
    'Sales',
    'Bo Jansen, Iris Koch, Jon Duarte, Kai Watts, Mia Soto, Olaf Birk, Pia Lang, Quinn Ross',
  ],
  ['Social', null, 'Rita Vale, Sam Ortiz, Tess Moore'],
  ['Data Analyst', 'Analytics', 'Ana Silva, Uma Patel, Vera Stone, Will Chen, Yara Haddad'],
  ['Data Engineer', 'Analytics', 'Zoe Berg, Amir Nasser'],
  ['Finance Viewer', 'Finance', 'Bea Holm, Carl Weiss, Dora Pinto, Emil Frost'],
  ['People Manager', 'People', 'Faye Moss, Gus Adler'],
];

/**
 * Returns the small company that a sandbox starts with: five system and five custom roles, about three dozen people, and one
 * deleted, one support, one system and one pending account. Addresses are `first@acme.com`.
 */
export function seedState(): SandboxState {
  const blank = blankState();
  const roles = [
    ...blank.roles,
    ...CUSTOM_ROLES.map((role) => ({ ...role, created: DEFAULT_CREATED_AT, modified: DEFAULT_CREATED_AT })),
  ];
  const roleIds = new Map(roles.map((role) => [role.name, role.id]));
  const users: SandboxUser[] = [];
  const add = (displayName: string, roleId: number, more: Partial<SandboxUser> = {}): void => {
    const id = 1_345_408_000 + users.length * 37 + (users.length % 5);
    users.push({ ...person(id, displayName, roleId), ...more });
  };
  for (const [role, department, names] of PEOPLE) {
    for (const [index, name] of names.split(', ').entries()) {
      const jobTitle =
        department === null ? null : index === 0 ? `Head of ${department}` : `${department} specialist`;
      const location = index % 3 === 2 ? null : 'Utrecht';
      add(name, roleIds.get(role) ?? 4, {
        attributes: { department, jobTitle, hireDate: DEFAULT_CREATED_AT + index * 86_400_000, location },
      });
    }
  }
  add('Nils Arden', 1, { isPending: true });
  add('Gone Person', 1, { deleted: true });
  add('Domo Support', 1, { email: 'support@domo.com', isSupport: true });
  add('Domo System', 1, { email: null, isSystemUser: true });
  const active = users.filter(
    (user) => !user.deleted && !user.isPending && !user.isSupport && user.email !== null,
  );
  const passwords = Object.fromEntries(
    active.map((user) => [user.email ?? '', { password: SANDBOX_PASSWORD, userId: user.id, locked: false }]),
  );
  return { ...blank, roles, users, passwords };
}

function person(id: number, displayName: string, roleId: number): SandboxUser {
  const first = displayName.split(' ')[0] ?? displayName;
  return {
    id,
    displayName,
    email: `${first.toLowerCase()}@acme.com`,
    roleId,
    isPending: false,
    isSystemUser: false,
    isSupport: false,
    deleted: false,
    attributes: {},
  };
}

/** The size of a generated instance. */
export interface StateSize {
  /** Number of custom roles, in addition to the five system roles. */
  roles: number;
  /** Number of people; the first is an Admin. */
  people: number;
  seed?: number;
}

/** Generates an instance. Equal sizes and seeds yield equal states. */
export function makeState({ roles, people, seed = 1 }: StateSize): SandboxState {
  const random = openRandom(seed);
  const blank = blankState();
  const admin = new Set(
    blank.authorities.filter((entry) => entry.adminLevel).map((entry) => entry.authority),
  );
  const held = blank.roles[0]?.authorities ?? [];
  const plain = held.filter((authority) => !admin.has(authority));
  const custom = Array.from({ length: roles }, (_, index): SandboxRole => {
    const share = 0.1 + random.next() * 0.4;
    const description = random.below(5) === 0 ? null : `Team ${index + 1}`;
    return {
      id: 100_000_007 + index * 89_123 + random.below(80_000),
      name: `Team ${String(index + 1).padStart(4, '0')}`,
      description,
      authorities: plain.filter(() => random.next() < share),
      created: DEFAULT_CREATED_AT,
      modified: DEFAULT_CREATED_AT,
    };
  });
  const all: [number, ...number[]] = [4, 2, 3, 5, ...custom.map((role) => role.id)];
  const users = Array.from({ length: people }, (_, index): SandboxUser => {
    const id = 1_000_000_000 + index * 97 + random.below(90);
    const roleId = index === 0 ? 1 : random.pick(all);
    const name = `Person ${String(index + 1).padStart(6, '0')}`;
    return { ...person(id, name, roleId), email: `person${index + 1}@acme.com` };
  });
  return {
    ...blank,
    roles: [...blank.roles, ...custom],
    users,
    nextId: { role: 910_000_001, user: 1_900_000_001 },
  };
}
