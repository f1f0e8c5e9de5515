import type { FleetDocument, FleetRow, RowStatus } from '../../src/fleet/document.js';
import { openGroups } from '../../src/fleet/groups.js';
import type { InstanceRoles } from '../../src/fleet/instance-roles.js';
import { makeFleetDocument } from '../../src/fleet/make-document.js';
import { planPart } from '../../src/fleet/rows.js';
import { refusal } from '../../src/model/refusal.js';
import type { Change } from '../../src/plan/change.js';
import type { Plan } from '../../src/plan/plan.js';
import { openFleetPage, type InstanceDocuments } from '../../src/render/fleet-page/fleet-html.js';
import { creation, grantsSet, move } from './changes.js';
import { fleetRow } from './fleet-rows.js';
import { planOf } from './plan-builder.js';

/** The size of a fleet, and a text that is part of every name that others may write. */
export interface FleetSize {
  instances: number;
  roles: number;
  text?: string;
  /** Every role of every instance changes, in its own way. */
  everyRoleChanges?: boolean;
}

const NONE: InstanceDocuments = { document: null, outcome: null, roles: null, checks: null, problem: null };

/** A fleet with every kind of result, the same for the same size. */
function hugeFleet({ instances, roles, text = '', everyRoleChanges = false }: FleetSize): {
  document: FleetDocument;
  documentsOf: (row: FleetRow) => InstanceDocuments;
} {
  const groups = openGroups();
  const plans = new Map<string, Plan>();
  const numbers = new Map<string, number>();
  const rows = Array.from({ length: instances }, (_, at): FleetRow => {
    const name = `${at % 9 === 4 ? 'dev' : 'company'}-${String(at).padStart(4, '0')}`;
    numbers.set(name, at);
    const row = fleetRow(name, statusAt(at), {
      wave: at % 9 === 4 ? 'test' : at < 3 ? 'canary' : 'production',
      labels: { region: ['eu', 'us', 'ap'][at % 3] ?? '', tier: at % 9 === 4 ? 'test' : 'production' },
    });
    if (!['changes', 'refused', 'clean'].includes(row.status))
      return { ...row, ...causeOf(row.status, text) };
    const plan = planAt({ at, roles, text, name, everyRoleChanges });
    plans.set(name, plan);
    groups.add(row, plan.changes);
    return { ...row, ...planPart(plan), digest: plan.digest, document: `instances/${name}/plan.json` };
  });
  const document = makeFleetDocument({
    ...{
      command: 'plan',
      madeBy: '1.0.0',
      madeAt: '2026-01-31T08:15:00Z',
      fleet: `customers ${text}`.trim(),
    },
    inventory: {
      file: 'fleet.yaml',
      digest: `sha256:${'0a'.repeat(32)}`,
      instances,
      minInstances: null,
      maxInstances: null,
    },
    selection: { flags: {}, digest: `sha256:${'0b'.repeat(32)}`, names: [], shard: null },
    ...{ refusals: [], groups: groups.groups(rows), changesAre2: false, rows },
    waves: [
      { name: 'canary', instances: 3, failures: 0, mayFail: 0, limit: 0, state: 'done' },
      { name: 'test', instances: 9, failures: 2, mayFail: 1, limit: '10%', state: 'failed' },
    ],
  });
  return {
    document,
    documentsOf: ({ instance }) => {
      const plan = plans.get(instance);
      const at = numbers.get(instance) ?? 0;
      return plan
        ? { ...NONE, document: plan, roles: rolesAt({ at, roles, text, name: instance, everyRoleChanges }) }
        : NONE;
    },
  };
}

/** The page of such a fleet. */
export function hugeFleetPage(size: FleetSize): string {
  const { document, documentsOf } = hugeFleet(size);
  const page = openFleetPage(document);
  for (const row of document.rows) page.add(row, documentsOf(row));
  return page.html();
}

function statusAt(at: number): RowStatus {
  if (at % 50 === 7) return 'failed';
  if (at % 97 === 3) return 'refused';
  if (at % 61 === 5) return 'invalid';
  if (at % 40 === 11) return 'suspended';
  return at % 3 === 0 ? 'clean' : 'changes';
}

function causeOf(status: RowStatus, text: string): Partial<FleetRow> {
  const place = { file: 'tiers/test.yaml', line: 3, column: 1, hint: `correct it ${text}`.trim() };
  if (status === 'suspended') return { because: `contract ended ${text}`.trim() };
  if (status === 'invalid')
    return {
      because: `the grant is unknown ${text}`,
      problems: [{ code: 'unknown-grant', message: `the grant is unknown ${text}`, ...place }],
    };
  return {
    because: `no answer ${text}`.trim(),
    problems: [{ code: 'http-error', message: `no answer ${text}`, ...place }],
  };
}

interface At {
  at: number;
  roles: number;
  text: string;
  name: string;
  everyRoleChanges: boolean;
}

const roleName = (role: number, text: string): string =>
  `Team ${String(role).padStart(3, '0')} ${text}`.trim();

function planAt({ at, roles, text, name, everyRoleChanges }: At): Plan {
  const isClean = statusAt(at) === 'clean';
  const concerned = isClean
    ? []
    : Array.from({ length: roles }, (_, role) => role).filter(
        (role) => everyRoleChanges || (role * 7 + at) % 29 === 0,
      );
  const changes = concerned.flatMap((role) => changesOf(role, { at, text, everyRoleChanges }));
  const isRefused = statusAt(at) === 'refused';
  return planOf({
    instance: name,
    changes,
    digest: `sha256:${String(at).padStart(64, '0')}`,
    ...(isRefused ? { refusals: [refusal('max-grant-changes', `too many ${text}`, { items: [text] })] } : {}),
    impact:
      at % 10 === 1
        ? [
            {
              ...{ grant: 'dataset.admin', title: `Manage ${text}`.trim(), protected: true },
              gains: [{ id: 7, email: `new.${at}@example.com` }],
              ...{ loses: [], gainCount: 1, loseCount: 0 },
            },
          ]
        : [],
  });
}

function changesOf(
  role: number,
  { at, text, everyRoleChanges }: Pick<At, 'at' | 'text' | 'everyRoleChanges'>,
): Change[] {
  const name = roleName(role, text);
  if ((role + at) % 5 === 0) return [creation(name, ['alert.edit', 'content.export'], text)];
  const written = {
    ...grantsSet(
      810_000_000 + role,
      ['alert.edit'],
      ['content.export', `area.${at % (everyRoleChanges ? 997 : 4)}`],
    ),
    role: name,
  };
  return role % 2 === 0
    ? [written]
    : [written, { ...move(810_000_000 + role, [at + 1, at + 2]), role: name }];
}

function rolesAt({ at, roles, text, name }: At): InstanceRoles {
  const found = Array.from({ length: roles }, (_, role) => role).filter((role) => (role * 3 + at) % 37 !== 0);
  return {
    ...{ formatVersion: 1, kind: 'instance-roles', instance: name },
    roles: found.map((role) => ({ role: roleName(role, text), overlaid: (role + at) % 13 === 0 })),
    holders: [
      {
        role: `Admin ${text}`.trim(),
        grants: ['authorization.roles', 'user.edit'],
        people: ['ana', 'bo', 'cy'].map((who) => `${who}.${at}@example.com${text}`),
        count: 3,
      },
    ],
  };
}
