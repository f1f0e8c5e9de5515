import { byCodeUnit } from '../../model/sort.js';
import { type Grant } from '../../model/grant.js';
import { isSystemRole } from '../../model/role.js';
import type { LiveRole, Snapshot } from '../../model/snapshot.js';
import { lineHtml } from './escape.js';
import { roleViews, type RoleView } from '../facts/role-views.js';
import { oneLine } from '../format/one-line.js';
import type { PlanDocument } from '../vocabulary.js';

/** What a cell says: held, added, taken away, nothing. One character each, in strings of a row's length. */
export type Mark = 'h' | 'a' | 'r' | '.';

/** Roles by grants, as the page's script takes it. Texts are one line each. */
export interface MatrixData {
  roles: readonly { name: string; tag: string }[];
  grants: readonly { grant: string; title: string; group: string; protected: boolean }[];
  /** For each grant a string with one mark for each role. */
  cells: readonly string[];
  /** What the marks are called. */
  words: Readonly<Record<Exclude<Mark, '.'>, string>>;
  changes: boolean;
}

interface Column {
  key: string;
  name: string;
  tag: string;
  marks: Map<Grant, Mark>;
}

/** The matrix of a plan: with a snapshot of everything that is live, else of what the document tells. */
export function planMatrix(document: PlanDocument, snapshot?: Snapshot): MatrixData {
  const drift = document.kind === 'drift';
  const columns = new Map((snapshot?.roles ?? []).map((role) => [String(role.id), liveColumn(role)]));
  for (const view of roleViews(document)) {
    if (!view.grants) {
      const column = columns.get(view.key);
      if (column) columns.set(view.key, { ...column, name: view.name });
      continue;
    }
    columns.set(view.key, changedColumn(view, drift));
  }
  const isProtected = new Set(document.impact.filter((entry) => entry.protected).map((entry) => entry.grant));
  const titles = new Map(document.impact.map((entry) => [entry.grant, entry.title ?? '']));
  const words = drift
    ? { h: 'held', a: 'only live', r: 'missing live' }
    : { h: 'held', a: 'added', r: 'taken away' };
  return matrix([...columns.values()], {
    snapshot,
    isProtected: protectedTest(document, isProtected),
    titles,
    words,
  });
}

/** The matrix of what is live. */
export function liveMatrix(snapshot: Snapshot, isProtected: (grant: Grant) => boolean): MatrixData {
  const words = { h: 'held', a: 'added', r: 'taken away' };
  return matrix(snapshot.roles.map(liveColumn), { snapshot, isProtected, titles: new Map(), words });
}

/** What the policy names, and what the plan found to be protected. */
function protectedTest(document: PlanDocument, found: ReadonlySet<Grant>): (grant: Grant) => boolean {
  const named = new Set(document.policy.protectedGrants ?? []);
  return (grant) => found.has(grant) || named.has(grant);
}

function liveColumn(role: LiveRole): Column {
  const tag = isSystemRole(role.id) ? 'system' : '';
  return {
    key: String(role.id),
    name: role.name,
    tag,
    marks: new Map(role.grants.map((grant) => [grant, 'h'])),
  };
}

function changedColumn(view: RoleView, drift: boolean): Column {
  const marks = new Map<Grant, Mark>();
  for (const grant of view.grants?.kept ?? []) marks.set(grant, 'h');
  for (const grant of view.grants?.added ?? []) marks.set(grant, 'a');
  for (const grant of view.grants?.removed ?? []) marks.set(grant, 'r');
  const tags = drift
    ? { new: 'not live', changed: '', deleted: 'unwanted' }
    : { new: 'new', changed: '', deleted: 'deleted' };
  return { key: view.key, name: view.name, tag: tags[view.state], marks };
}

interface MatrixShape {
  snapshot: Snapshot | undefined;
  isProtected: (grant: Grant) => boolean;
  titles: ReadonlyMap<Grant, string>;
  words: MatrixData['words'];
}

function matrix(
  columns: readonly Column[],
  { snapshot, isProtected, titles, words }: MatrixShape,
): MatrixData {
  const system = (column: Column): number => (/^[1-5]$/.test(column.key) ? Number(column.key) : 6);
  const sorted = [...columns].sort(
    (a, b) => system(a) - system(b) || byCodeUnit(a.name, b.name) || byCodeUnit(a.key, b.key),
  );
  const catalogue = new Map((snapshot?.catalogue ?? []).map((entry) => [entry.grant, entry]));
  const names = new Set([...catalogue.keys(), ...sorted.flatMap((column) => [...column.marks.keys()])]);
  const grants = [...names].map((grant) => ({
    grant,
    title: catalogue.get(grant)?.title ?? titles.get(grant) ?? '',
    group: catalogue.get(grant)?.group ?? '',
    protected: isProtected(grant),
  }));
  grants.sort((a, b) => byCodeUnit(a.group, b.group) || byCodeUnit(a.grant, b.grant));
  const cells = grants.map(({ grant }) => sorted.map((column) => column.marks.get(grant) ?? '.').join(''));
  return {
    roles: sorted.map(({ name, tag }) => ({ name: oneLine(name), tag })),
    grants: grants.map((entry) => ({
      ...entry,
      grant: oneLine(entry.grant),
      title: oneLine(entry.title),
      group: oneLine(entry.group),
    })),
    cells,
    words,
    changes: cells.some((row) => /[ar]/.test(row)),
  };
}

/** The controls, the legend and the frame that the script fills. */
export function matrixFrame(data: MatrixData): string {
  const groups = [...new Set(data.grants.map(({ group }) => group))].filter((group) => group !== '');
  const options = groups.map((group) => `<option>${lineHtml(group)}</option>`).join('');
  const select =
    groups.length > 1
      ? `<label><span>Group</span><select id="m-group"><option value="">All</option>${options}</select></label>`
      : '';
  const changed = data.changes
    ? '<label class="check"><input type="checkbox" id="m-changed" checked> Only what changes</label>'
    : '';
  const guarded = data.grants.some((entry) => entry.protected)
    ? '<label class="check"><input type="checkbox" id="m-protected"> Only protected grants</label>'
    : '';
  const { h, a, r } = data.words;
  const legend = data.changes
    ? `<li><i class="key a"></i>${lineHtml(a)}</li><li><i class="key r"></i>${lineHtml(r)}</li><li><i class="key h"></i>${lineHtml(h)}</li>`
    : `<li><i class="key h"></i>${lineHtml(h)}</li>`;
  return `<div class="controls" role="search" aria-label="Filter the matrix">
<label class="search"><span>Role</span><input type="search" id="m-role" autocomplete="off" spellcheck="false" placeholder="part of a name"></label>
<label class="search"><span>Grant</span><input type="search" id="m-grant" autocomplete="off" spellcheck="false" placeholder="part of an id or a title"></label>
${select}${changed}${guarded}<output id="m-count" aria-live="polite"></output></div>
<div class="under"><ul class="legend">${legend}</ul><p class="readout" id="m-read" aria-hidden="true">Point at a cell to read it.</p></div>
<div class="scroll matrix" tabindex="0" role="region" aria-label="Roles by grants"><table id="m-table"></table></div>`;
}
