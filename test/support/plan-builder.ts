import { summarise, type ChangeOutcome, type Outcome } from '../../src/apply/outcome.js';
import { DEFAULT_POLICY } from '../../src/model/policy.js';
import type { RoleOwner } from '../../src/model/standing.js';
import { CHANGE_KINDS } from '../../src/plan/change-kinds.js';
import type { Change, ChangeKind } from '../../src/plan/change.js';
import type { Drift } from '../../src/drift/drift.js';
import type {
  Impact,
  Plan,
  PlanPerson,
  PlanSummary,
  PlanWarning,
  Refusal,
  WeakenedGuard,
} from '../../src/plan/plan.js';
import { everyChange, PLAIN_NAMES, type Names } from './plan-changes.js';
import { RUN_ID } from './state-folder.js';

const person = (id: number, email: string): PlanPerson => ({ id, email });

/** People who gain and lose grants, including a protected one. */
function everyImpact(names: Names = PLAIN_NAMES): Impact[] {
  const ana = person(1345408759, names.person);
  const bo = person(1345408760, 'bo@acme.com');
  const cy = person(1345408761, 'cy@acme.com');
  const di = { id: 1345408762, email: null };
  const entries: Omit<Impact, 'gainCount' | 'loseCount'>[] = [
    { grant: 'user.edit', title: 'Manage all users', protected: true, gains: [di], loses: [] },
    { grant: 'buzz.admin', title: `Edit ${names.text}`, protected: false, gains: [], loses: [di] },
    { grant: 'content.card.edit', title: 'Edit cards', protected: false, gains: [ana, bo, cy], loses: [] },
    { grant: 'dataset.export', title: null, protected: false, gains: [ana, bo], loses: [] },
  ];
  return entries.map((entry) => ({ ...entry, gainCount: entry.gains.length, loseCount: entry.loses.length }));
}

/** Two refusals: one that a flag allows and one that nothing does. */
export function someRefusals(names: Names = PLAIN_NAMES): Refusal[] {
  return [
    {
      code: 'escalation',
      message: `1 person gains user.edit through "${names.renamed}"`,
      figure: 1,
      limit: 0,
      key: 'policy.protectedGrants',
      flag: '--allow escalation',
      items: [names.person],
      hint: 'Ask someone who answers for it',
    },
    {
      code: 'ambiguous-name',
      message: `the live role "${names.old}" has nearly the name of "${names.made}"`,
      figure: null,
      limit: null,
      key: null,
      flag: null,
      items: [names.made, names.old],
      hint: 'Say renamedFrom or give its id',
    },
  ];
}

/** A warning with a place and one without. */
export function someWarnings(names: Names = PLAIN_NAMES): PlanWarning[] {
  const place = { file: 'domo-roles.yaml', line: 12, column: 5 };
  return [
    {
      code: 'deletes-break-scim',
      message: `SCIM mappings to "${names.gone}" break`,
      file: null,
      line: null,
      column: null,
      hint: null,
    },
    {
      code: 'rename-breaks-saml',
      message: `SAML mappings to "${names.old}" break`,
      ...place,
      hint: 'Change the mapping on the same day',
    },
  ];
}

/** Every guard that a policy can weaken. */
export function everyWeakenedGuard(): WeakenedGuard[] {
  const rest = { of: null, grants: [] };
  return [
    {
      code: 'escalation',
      key: 'policy.protectedGrants',
      value: 24,
      default: 26,
      of: null,
      grants: ['account.admin', 'user.edit'],
    },
    { code: 'max-deletes', key: 'policy.maxDeletes', value: 40, default: 8, of: 40, grants: [] },
    {
      code: 'max-grant-changes',
      key: 'policy.maxGrantChanges',
      value: 1200,
      default: 360,
      of: 1200,
      grants: [],
    },
    { code: 'max-moves', key: 'policy.maxMoves', value: 167, default: 100, of: 335, grants: [] },
    { code: 'min-admins', key: 'policy.minAdmins', value: 0, default: 1, ...rest },
    { code: 'unmanaged-roles', key: 'policy.unmanagedRoles', value: 'ignore', default: 'report', ...rest },
  ];
}

/** Owners of some of the roles. */
export function everyOwner(names: Names = PLAIN_NAMES): RoleOwner[] {
  return [
    { role: names.made, roleId: `new:${names.made}`, owner: names.text },
    { role: names.renamed, roleId: 810756122, owner: 'finance-data' },
  ];
}

/** Counts that follow from the changes. */
function summaryOf(changes: readonly Change[], rest: Pick<Plan, 'refusals' | 'warnings'>): PlanSummary {
  const of = (kind: ChangeKind): number => changes.filter((change) => change.kind === kind).length;
  const grants = changes.flatMap((change) => (change.kind === 'grants.set' ? [change] : []));
  const missing = (from: readonly string[], other: readonly string[]): number =>
    from.filter((grant) => !other.includes(grant)).length;
  return {
    changes: changes.length,
    byKind: Object.fromEntries(CHANGE_KINDS.map((kind) => [kind, of(kind)])) as Record<ChangeKind, number>,
    rolesCreated: of('role.create'),
    rolesRenamed: changes.filter(
      (change) => change.kind === 'role.update' && change.before.name !== change.after.name,
    ).length,
    rolesDeleted: of('role.delete'),
    grantsAdded: grants.reduce((sum, change) => sum + missing(change.after, change.before), 0),
    grantsRemoved: grants.reduce((sum, change) => sum + missing(change.before, change.after), 0),
    peopleMoved: changes.reduce(
      (sum, change) => sum + (change.kind === 'members.move' ? change.people.length : 0),
      0,
    ),
    requests: changes.reduce((sum, change) => sum + change.requests.length, 0),
    refusals: rest.refusals.length,
    warnings: rest.warnings.length,
    unchanged: 3,
  };
}

/** A plan with the parts that a test needs; all others are plausible and empty. */
export function planOf(parts: Partial<Plan> = {}): Plan {
  const { changes = [], refusals = [], warnings = [] } = parts;
  return {
    formatVersion: 1,
    kind: 'plan',
    madeBy: 'domo-roles 0.1.0',
    madeAt: '2026-01-31T08:15:00.000Z',
    instance: 'acme',
    sandbox: false,
    me: person(1, 'root@acme.com'),
    offline: false,
    manifest: { files: [{ path: 'domo-roles.yaml', digest: `sha256:${'0a'.repeat(32)}` }] },
    summary: summaryOf(changes, { refusals, warnings }),
    changes,
    impact: [],
    impactLimit: 100,
    refusals,
    allowed: [],
    weakenedGuards: [],
    rules: [],
    acceptedDrift: [],
    accepted: [],
    warnings,
    unmanaged: { policy: 'report', roles: [] },
    owners: [],
    missingPeople: [],
    held: [],
    policy: DEFAULT_POLICY,
    fingerprints: [],
    digest: `sha256:${'2c'.repeat(32)}`,
    ...parts,
  };
}

/** A plan without changes. */
export function emptyPlan(): Plan {
  return planOf();
}

/** A plan with every part that a plan can have. */
export function fullPlan(names: Names = PLAIN_NAMES): Plan {
  return planOf({
    changes: everyChange(names),
    impact: everyImpact(names),
    refusals: someRefusals(names),
    allowed: [{ ...maxDeletes(), reason: `agreed: ${names.text}` }],
    warnings: someWarnings(names),
    weakenedGuards: everyWeakenedGuard(),
    acceptedDrift: [
      {
        role: names.renamed,
        what: 'members',
        people: [{ email: names.person }],
        reason: `trial, ${names.text}`,
        until: '2026-03-31',
      },
      { role: null, what: 'allowlist', people: null, reason: names.text, until: '2026-03-31T18:00:00+01:00' },
    ],
    accepted: [
      {
        what: 'members',
        role: names.renamed,
        reason: `trial, ${names.text}`,
        until: '2026-03-31',
        difference: `1 more than the manifest lists`,
        acceptedFor: names.renamed,
        people: [{ id: 1345408763, email: names.person, from: names.renamed, to: null }],
        grants: { extra: [], missing: [] },
      },
    ],
    unmanaged: {
      policy: 'report',
      roles: [{ id: 710000001, name: `${names.gone} too`, people: 4, grants: 12 }],
    },
    owners: everyOwner(names),
    missingPeople: [`left-${names.person}`],
    held: [{ role: names.made, grants: [{ grant: 'dataset.view', neededBy: ['dataset.export'] }] }],
    fingerprints: [
      {
        object: 'role:810756122',
        of: { kind: 'role', roleId: 810756122 },
        label: `role "${names.old}"`,
        fields: { name: names.old, grants: ['buzz.admin', 'content.card.edit', 'dataset.view'] },
        digest: `sha256:${'1b'.repeat(32)}`,
      },
    ],
  });
}

/** A plan with every kind of change that nothing refuses. */
export function cleanChanges(names: Names = PLAIN_NAMES): Plan {
  return { ...fullPlan(names), ...planOf({ changes: everyChange(names), impact: everyImpact(names) }) };
}

function maxDeletes(): Refusal {
  const rule = { key: 'policy.maxDeletes', flag: '--allow max-deletes=2' };
  return {
    code: 'max-deletes',
    message: '2 roles would be deleted, 1 is allowed',
    figure: 2,
    limit: 1,
    ...rule,
    items: [],
    hint: null,
  };
}

/** The same differences as drift, some of them attributed to a person. */
export function fullDrift(names: Names = PLAIN_NAMES): Drift {
  const plan = fullPlan(names);
  const omit = <T extends object, K extends keyof T>(value: T, keys: readonly K[]): Omit<T, K> =>
    Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
  const rest = omit(plan, [
    'refusals',
    'allowed',
    'fingerprints',
    'digest',
    'summary',
    'kind',
    'formatVersion',
  ]);
  const changes = everyChange(names).map((change, index) => ({
    ...change,
    by: index % 2 === 0 ? names.person : null,
    at: index % 2 === 0 ? '2026-01-30T22:10:00.000Z' : null,
  }));
  return {
    ...rest,
    formatVersion: 1,
    kind: 'drift',
    violations: [],
    summary: { ...omit(plan.summary, ['refusals']), differences: changes.length + 1 },
    changes,
    members: changes.flatMap((change) =>
      change.kind === 'members.move'
        ? {
            role: change.after.role,
            roleId: change.roleId,
            missing: change.people.map(({ id, email, from }) => ({ id, email, from })),
            extra: [],
          }
        : [],
    ),
    problems: [],
    attribution: { available: true, note: 'the log reaches back 30 days' },
  };
}

/** An outcome with every kind of result. */
export function buildOutcome(names: Names = PLAIN_NAMES): Outcome {
  const changes: ChangeOutcome[] = everyChange(names).map(({ id, kind, role }) => ({
    id,
    kind,
    role,
    status: 'done',
    reason: null,
    because: null,
  }));
  const put = (index: number, parts: Partial<ChangeOutcome>): void => {
    const change = changes[index];
    if (change) changes[index] = { ...change, ...parts };
  };
  put(0, { status: 'already' });
  put(5, { status: 'failed', reason: 'the instance answered 400 and user.edit is not held' });
  put(7, { status: 'unknown', reason: 'no response, and the list could not be read' });
  put(8, { status: 'skipped', because: changes[5]?.id ?? null });
  return {
    formatVersion: 1,
    kind: 'outcome',
    runId: RUN_ID,
    instance: 'acme',
    me: { id: 1345408000, email: names.person },
    startedAt: '2026-01-31T08:15:00.000Z',
    finishedAt: '2026-01-31T08:15:09.000Z',
    dryRun: false,
    summary: summarise(changes),
    changes,
    missingPeople: [`left-${names.person}`],
    allowed: [{ ...maxDeletes(), reason: `agreed: ${names.text}` }],
    accepted: fullPlan(names).accepted,
    owners: everyOwner(names),
    warnings: someWarnings(names),
  };
}
