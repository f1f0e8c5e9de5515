import { isToRepeat, ROW_STATUSES } from '../../fleet/document.js';
import type { FleetDocument, FleetGroup, FleetRow, FleetWave, RowStatus } from '../../fleet/document.js';
import type { GroupChange } from '../../fleet/group-changes.js';
import { addTo } from '../../model/group.js';
import { byCodeUnit } from '../../model/sort.js';
import { areAlike, frameOf, sharedText } from './shared-text.js';
import type { InstanceText } from './shared-text.js';
import { andMore, cut, formatNumber, plural, nameText, series } from '../format/phrases.js';

/** The labels of statuses. */
export const STATUS_TEXT: Readonly<Record<RowStatus, string>> = {
  clean: 'clean',
  changes: 'with changes',
  drift: 'with drift',
  done: 'done',
  incomplete: 'incomplete',
  refused: 'refused',
  invalid: 'invalid',
  failed: 'failed',
  'not-started': 'not started',
  suspended: 'suspended',
  missing: 'missing',
};

/** The next step for a row, by its status. */
const NEXT_STEP: Readonly<Partial<Record<RowStatus, string>>> = {
  incomplete: 'resume the run: it continues where it stopped',
  failed: 'correct the cause, then run it again',
  invalid: 'correct the manifest',
  refused: 'review the refusal: change the manifest, or allow it for this instance with --allow NAME:CODE',
  missing: 'run the shard again, then merge again',
  'not-started': 'run it again once the cause is corrected',
};

/** The name of a run in titles: `plan`, `dry run`. */
export function runTitle({ command }: Pick<FleetDocument, 'command'>): string {
  return command === 'dry-run' ? 'dry run' : command;
}

/** `12 clean, 3 with changes, 1 failed`: the statuses that occur, in the order of reports. */
export function countsText({ summary }: FleetDocument): string {
  const parts = ROW_STATUSES.filter((status) => summary[status] > 0).map(
    (status) => `${formatNumber(summary[status])} ${STATUS_TEXT[status]}`,
  );
  return parts.length === 0 ? 'no instance' : series(parts);
}

/** `3 of 40 instances`; without the total for a rollback, whose instances may no longer be in the inventory. */
export function selectedText({ summary, inventory, selection }: FleetDocument): string {
  if (selection.flags.plans === undefined)
    return `${formatNumber(summary.instances)} of ${plural(inventory.instances, 'instance')}`;
  return `${plural(summary.instances, 'instance')} (the inventory has ${formatNumber(inventory.instances)})`;
}

/** Rows with the same cause. */
export interface RowsByCause {
  status: RowStatus;
  /** The reason, and the codes of refusals or problems. */
  cause: string;
  /** Sorted. */
  instances: readonly string[];
  /** `base.yaml:5, fleet.yaml:9 and 2 more`: the files and lines of the problems; '' if they have none. */
  places: string;
  nextStep: string;
}

/** Replaces the words of messages and hints, such as names of flags where a reader has inputs. */
export type Reword = (text: string) => string;

/** Leaves the words as they are. */
export const AS_WRITTEN: Reword = (text) => text;

/** The fields of a row that a cause needs. */
type TroubleRow = Pick<FleetRow, 'instance' | 'status' | 'because' | 'problems' | 'refusals'>;

/** Rows with one cause, and the places of their problems. */
interface AlikeRows {
  rows: [TroubleRow, ...TroubleRow[]];
  places: Set<string>;
}

/** Groups rows that need attention by cause; by status in the order of reports, then the largest first. */
export function rowsByCause({ rows }: { rows: readonly TroubleRow[] }): RowsByCause[] {
  const pressing = rows.filter((row) => isToRepeat(row) || isBeyondApply(row));
  const shared = sharedCauses(pressing);
  const names = new Set(pressing.map(({ instance }) => instance));
  const byFrame = new Map<string, AlikeRows[]>();
  for (const row of pressing) {
    const [cause, { instance, status }] = [causeOf(row), row];
    const isShared = shared.has(cause);
    const frame = JSON.stringify([status, isShared, frameOf(cause, names)]);
    const groups = byFrame.get(frame) ?? [];
    byFrame.set(frame, groups);
    const same = groups.find(({ rows: [first] }) => {
      const text = causeOf(first);
      return isShared
        ? text === cause
        : areAlike({ instance: first.instance, text }, { instance, text: cause });
    });
    if (same) same.rows.push(row);
    else groups.push({ rows: [row], places: new Set() });
    for (const place of placesOf(row)) (same ?? groups.at(-1))?.places.add(place);
  }
  return [...byFrame.values()]
    .flat()
    .map(({ rows: alike, places }) => ({
      status: alike[0].status,
      cause: textForAll(alike, causeOf),
      instances: alike.map(({ instance }) => instance).sort(byCodeUnit),
      places: namesText([...places].sort(byCodeUnit), PLACES_SHOWN),
      nextStep: textForAll(alike, nextStepOf),
    }))
    .sort(
      (a, b) =>
        ROW_STATUSES.indexOf(a.status) - ROW_STATUSES.indexOf(b.status) ||
        b.instances.length - a.instances.length ||
        byCodeUnit(a.instances[0] ?? '', b.instances[0] ?? ''),
    );
}

const PLACES_SHOWN = 5;

/** The files of problems, with their lines. */
function placesOf({ problems }: TroubleRow): string[] {
  return problems.flatMap(({ file, line }) =>
    file === null ? [] : [line === null ? file : `${file}:${line}`],
  );
}

/** Drift that no apply undoes, such as a broken rule: its changes do not show it. */
function isBeyondApply({ status, because }: Pick<FleetRow, 'status' | 'because'>): boolean {
  return status === 'drift' && because !== null;
}

/** Are two causes equal word by word? */
function sharedCauses(rows: readonly TroubleRow[]): ReadonlySet<string> {
  const [once, more] = [new Set<string>(), new Set<string>()];
  for (const cause of rows.map(causeOf)) (once.has(cause) ? more : once).add(cause);
  return more;
}

/** One text for rows with the same cause. */
function textForAll([first, ...rows]: AlikeRows['rows'], textOf: (row: TroubleRow) => string): string {
  const textAbout = (row: TroubleRow): InstanceText => ({ instance: row.instance, text: textOf(row) });
  const own = textAbout(first);
  // Hints may differ by more than names: the first is shown.
  return sharedText([own, ...rows.map(textAbout).filter((other) => areAlike(own, other))]);
}

function causeOf({ because, refusals, problems, status }: TroubleRow): string {
  const codes = [...new Set([...refusals, ...problems].map(({ code }) => code))];
  const text = because ?? STATUS_TEXT[status];
  return codes.length === 0 ? text : `${codes.join(', ')}: ${text}`;
}

/** The next step for a row: the hint of its cause, else that of its status; '' if none is needed. */
export function nextStepOf({
  status,
  problems,
  refusals,
  because,
}: Pick<FleetRow, 'status' | 'problems' | 'refusals' | 'because'>): string {
  if (isBeyondApply({ status, because }))
    return 'correct the manifest or the instance: an apply does not undo this';
  const hint = [...problems, ...refusals].find((one) => one.hint !== null)?.hint;
  return hint ?? NEXT_STEP[status] ?? '';
}

/** The people who gain one protected grant, over all instances. */
interface FleetGain {
  grant: string;
  people: readonly { instance: string; person: string }[];
}

/** The gains of protected grants, by grant. */
export function protectedGains({ rows }: FleetDocument): FleetGain[] {
  const gains = new Map<string, { instance: string; person: string }[]>();
  for (const row of rows)
    for (const { grant, people } of row.protected)
      for (const person of people) addTo(gains, grant, { instance: row.instance, person });
  return [...gains].sort(([a], [b]) => byCodeUnit(a, b)).map(([grant, people]) => ({ grant, people }));
}

/** The changes of a group, one line each. */
export function changeLine({ kind, role, detail, people, added, removed }: GroupChange): string {
  const name = role === null ? '' : nameText(role);
  switch (kind) {
    case 'role.create':
      return `+ role ${name}, made like ${nameText(detail[2] ?? '')}`;
    case 'role.delete':
      return `- role ${name}`;
    case 'role.update': {
      const [before = '', , after = ''] = detail;
      return before === after
        ? `~ role ${name}: description`
        : `~ role ${nameText(before)}: renamed to ${nameText(after)}`;
    }
    case 'grants.set':
      return `~ role ${name}${grantsText(added, removed)}`;
    case 'members.move':
      return `~ role ${name}: ${plural(people, 'person', 'people')} moved in`;
    case 'defaultRole.set':
      return `~ default role: ${detail.map(nameText).join(' to ')}`;
    case 'allowlist.set':
      return '~ roles allowlist';
  }
}

const GRANTS_SHOWN = 8;

function grantsText(added: readonly string[], removed: readonly string[]): string {
  const signed = [...added.map((grant) => `+${grant}`), ...removed.map((grant) => `-${grant}`)];
  if (signed.length === 0) return '';
  const { shown, more } = cut(signed, GRANTS_SHOWN);
  return `: ${shown.join(' ')}${andMore(more)}`;
}

/** `acme, globex and 12 more`. */
export function namesText(instances: readonly string[], limit: number): string {
  const { shown, more } = cut(instances, limit);
  return `${shown.join(', ')}${andMore(more)}`;
}

/** Groups with changes; clean instances are already in the counts. */
export function groupsToShow({ groups }: FleetDocument): readonly FleetGroup[] {
  return groups.filter(({ changes }) => changes.length > 0);
}

/** How a wave ended, for people. */
export interface WaveText {
  wave: FleetWave;
  state: (typeof WAVE_TEXT)[FleetWave['state']];
  /** `(at most 0), 3 not started`, after the number of failures. */
  limits: string;
}

const WAVE_TEXT = {
  done: 'done',
  failed: 'failed',
  'not-finished': 'not finished',
  'not-started': 'not started',
} as const satisfies Readonly<Record<FleetWave['state'], string>>;

/** How the waves of a run ended, in their order. */
export function waveTexts({ waves, rows }: Pick<FleetDocument, 'waves' | 'rows'>): WaveText[] {
  return waves.map((wave) => {
    const { name, state, mayFail } = wave;
    const left = rows.filter((row) => row.wave === name && row.status === 'not-started').length;
    const more = left > 0 && state !== 'not-started' ? `, ${formatNumber(left)} not started` : '';
    return {
      wave,
      state: WAVE_TEXT[state],
      limits: `(at most ${formatNumber(mayFail)})${more}`,
    };
  });
}
