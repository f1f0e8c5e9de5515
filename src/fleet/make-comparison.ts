import { byCodeUnit } from '../model/sort.js';
import type { ComparedInstance, RoleCell, SettingCell } from './compared-instance.js';
import { NO_DIFFERENCE } from './compare-role.js';
import { COMPARISON_FORMAT, STANDINGS } from './comparison.js';
import type {
  ComparedRole,
  ComparedSetting,
  ComparisonDocument,
  ComparisonRow,
  ComparisonSummary,
  RoleDifference,
  RoleVariant,
  SettingStanding,
  SettingVariant,
  Standing,
  StandingCounts,
} from './comparison.js';
import { isFailure } from './document.js';
import type { FleetRow } from './document.js';
import { exitOfFleet } from './exit.js';
import { largestFirst } from './groups.js';

/** The input of a comparison document. */
interface ComparisonFacts extends Pick<
  ComparisonDocument,
  'madeBy' | 'madeAt' | 'fleet' | 'inventory' | 'selection' | 'source' | 'base'
> {
  /** One row per selected instance. An instance that could be compared is `clean` and has an entry in `compared`. */
  rows: readonly FleetRow[];
  compared: readonly ComparedInstance[];
}

/** Builds the comparison document. The same input gives the same bytes, in whatever order the instances finished. */
export function makeComparison(facts: ComparisonFacts): ComparisonDocument {
  const compared = [...facts.compared].sort((a, b) => byCodeUnit(a.instance, b.instance));
  const roles = comparedRoles(compared);
  const settings = comparedSettings(compared);
  const counts = countsByInstance([...roles, ...settings]);
  const rows = facts.rows
    .map((row) => rowOf(row, row.status === 'clean' ? (counts.get(row.instance) ?? NONE) : null))
    .sort((a, b) => byCodeUnit(a.instance, b.instance));
  const { madeBy, madeAt, fleet, inventory, selection, source, base } = facts;
  return {
    formatVersion: COMPARISON_FORMAT,
    kind: 'comparison',
    ...{ madeBy, madeAt, fleet, inventory, selection, source, base },
    summary: summaryOf(rows, roles),
    ...{ roles, settings, rows },
  };
}

/** A role, with its cells across instances. */
interface RoleColumn {
  role: string;
  copy: number;
  inBase: boolean;
  cells: { instance: string; cell: RoleCell }[];
}

function comparedRoles(compared: readonly ComparedInstance[]): ComparedRole[] {
  const columns = new Map<string, RoleColumn>();
  for (const { instance, roles } of compared) {
    for (const cell of roles) {
      const { role, copy, inBase } = cell;
      const key = `${copy} ${role}`;
      const column = columns.get(key);
      if (column) column.cells.push({ instance, cell });
      else columns.set(key, { role, copy, inBase, cells: [{ instance, cell }] });
    }
  }
  return [...columns.values()].map((column) => comparedRole(column, compared)).sort(mostAttentionFirst);
}

function comparedRole(
  { role, copy, inBase, cells }: RoleColumn,
  compared: readonly ComparedInstance[],
): ComparedRole {
  const isAlike = cells.length === compared.length && isSameEverywhere(cells.map(({ cell }) => cell));
  const variants = new Map<string, RoleVariant & { instances: string[] }>();
  const add = (instance: string, variant: Omit<RoleVariant, 'instances'>): void => {
    const { standing, present, asked, unasked } = variant;
    const key =
      asked === NO_DIFFERENCE && unasked === NO_DIFFERENCE
        ? `${standing} ${present}`
        : JSON.stringify([standing, present, asked, unasked]);
    const same = variants.get(key);
    if (same) same.instances.push(instance);
    else variants.set(key, { ...variant, instances: [instance] });
  };
  for (const { instance, cell } of cells) {
    const { present, asked, unasked } = cell;
    add(instance, { standing: standingOf(cell, isAlike), present, asked, unasked });
  }
  const known = new Set(cells.map(({ instance }) => instance));
  for (const { instance } of compared)
    if (!known.has(instance))
      add(instance, { standing: 'as-base', present: false, asked: NO_DIFFERENCE, unasked: NO_DIFFERENCE });
  return { role, copy, inBase, variants: [...variants.values()].sort(largestFirst) };
}

/** Is this role in no manifest and the same on all instances? Then it is not a difference. */
function isSameEverywhere(cells: readonly RoleCell[]): boolean {
  if (cells.some(({ surplus }) => surplus !== 'unnamed' && surplus !== 'ignored')) return false;
  const [first] = cells;
  const list = JSON.stringify(first?.unasked.added);
  return cells.every(({ unasked }) => JSON.stringify(unasked.added) === list);
}

function standingOf({ surplus, asked, unasked }: RoleCell, isAlike: boolean): Standing {
  if (surplus === 'ignored' || (surplus === 'unnamed' && isAlike)) return 'unmanaged';
  if (!isEmptyDifference(unasked)) return 'differs';
  return isEmptyDifference(asked) ? 'as-base' : 'by-overlay';
}

/** Is this difference empty? */
export function isEmptyDifference(found: RoleDifference): boolean {
  const { presence, name, description, added, removed, membersAdded, membersRemoved } = found;
  const isSame = presence === null && name === null && description === null;
  return isSame && added.length + removed.length + membersAdded + membersRemoved === 0;
}

function comparedSettings(compared: readonly ComparedInstance[]): ComparedSetting[] {
  const settings = new Map<SettingCell['setting'], ComparedSetting & { variants: SettingVariant[] }>();
  const found = new Map<string, SettingVariant & { instances: string[] }>();
  for (const { instance, settings: cells } of compared) {
    for (const cell of cells) {
      const { setting, base, value } = cell;
      const column = settings.get(setting) ?? { setting, base, variants: [] };
      // The end state of the base has no allowlist where the live one cannot be read.
      if (cell.isRead && column.variants.every(isUnread)) column.base = base;
      settings.set(setting, column);
      const standing = settingStanding(cell);
      const key = JSON.stringify([setting, standing, value]);
      const variant = found.get(key) ?? { standing, value, instances: [] };
      if (!found.has(key)) column.variants.push(variant);
      found.set(key, variant);
      variant.instances.push(instance);
    }
  }
  return [...settings.values()].map((one) => ({ ...one, variants: one.variants.sort(largestFirst) }));
}

const isUnread = ({ standing }: SettingVariant): boolean => standing === 'unreadable';

function settingStanding({ isRead, isAsBase, isAsked }: SettingCell): SettingStanding {
  if (!isRead) return 'unreadable';
  if (isAsBase) return 'as-base';
  return isAsked ? 'by-overlay' : 'differs';
}

type Variant = Pick<SettingVariant, 'standing' | 'instances'>;

/** Sorts roles with unintended differences first, then those with intended ones, then the rest; by name within each. */
function mostAttentionFirst(a: ComparedRole, b: ComparedRole): number {
  const rank = ({ variants }: ComparedRole): number =>
    STANDINGS.findIndex((standing) => variants.some((one) => one.standing === standing));
  return rank(a) - rank(b) || byCodeUnit(a.role, b.role) || a.copy - b.copy;
}

const NONE: StandingCounts = { differs: 0, 'by-overlay': 0, unmanaged: 0, 'as-base': 0 };

function countsByInstance(
  columns: readonly { variants: readonly (Variant & { present?: boolean })[]; inBase?: boolean }[],
): ReadonlyMap<string, StandingCounts> {
  const counts = new Map<string, Record<Standing, number> & { unreadable?: number }>();
  for (const { variants, inBase = true } of columns) {
    for (const { standing, present = true, instances } of variants) {
      if (!present && !inBase) continue;
      for (const instance of instances) {
        const own = counts.get(instance) ?? { ...NONE };
        own[standing] = (own[standing] ?? 0) + 1;
        counts.set(instance, own);
      }
    }
  }
  return counts;
}

function rowOf(row: FleetRow, counts: StandingCounts | null): ComparisonRow {
  const { instance, labels, wave, because, problems, refusals, ms, requests } = row;
  const differs = counts !== null && counts.differs > 0;
  const status = differs ? 'drift' : row.status;
  const exit = differs ? 2 : row.exit;
  return { instance, labels, wave, status, exit, because, problems, refusals, counts, ms, requests };
}

function summaryOf(rows: readonly ComparisonRow[], roles: readonly ComparedRole[]): ComparisonSummary {
  const count = (holds: (row: ComparisonRow) => boolean): number => rows.filter(holds).length;
  const isPartly = ({ status, counts }: ComparisonRow): boolean =>
    status === 'clean' && counts?.unreadable !== undefined;
  const isPlain = (row: ComparisonRow): boolean =>
    row.status === 'clean' && row.counts?.['by-overlay'] === 0 && !isPartly(row);
  const partly = count(isPartly);
  const exitRows = rows.map((row) => ({ ...row, sent: false, attempts: [] }));
  return {
    instances: rows.length,
    asBase: count(isPlain),
    byOverlay: count((row) => row.status === 'clean' && !isPlain(row) && !isPartly(row)),
    differs: count(({ status }) => status === 'drift'),
    unreadable: count(isFailure),
    ...(partly > 0 ? { partlyCompared: partly } : {}),
    notStarted: count(({ status }) => status === 'not-started'),
    suspended: count(({ status }) => status === 'suspended'),
    roles: roles.length,
    rolesThatDiffer: roles.filter(({ variants }) => variants.some(({ standing }) => standing === 'differs'))
      .length,
    exit: exitOfFleet({ command: 'drift', rows: exitRows, refused: false, changesAre2: false }),
  };
}
