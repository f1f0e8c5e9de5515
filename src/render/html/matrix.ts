import { protectedGrants } from '../../model/admin-level.js';
import { byCodeUnit } from '../../model/sort.js';
import type { Grant } from '../../model/grant.js';
import { isSystemRole, systemRank } from '../../model/role.js';
import type { LiveRole, Snapshot } from '../../model/snapshot.js';
import type { PlanRoleId } from '../../plan/change.js';
import { roleViews, type RoleView } from '../facts/role-views.js';
import { oneLine } from '../format/one-line.js';
import { vocabularyOf, type PlanDocument, type Vocabulary } from '../vocabulary.js';
import { lineHtml } from './escape.js';

/** State of a cell: held, added, removed, nothing. One character each, in strings of a row's length. */
type Mark = 'h' | 'a' | 'r' | '.';

/** Roles by grants, as the page's script takes it. Texts are one line each. */
export interface MatrixData {
  roles: readonly { name: string; tag: string }[];
  grants: readonly { grant: string; title: string; group: string; protected: boolean }[];
  /** For each grant a string with one mark for each role. */
  cells: readonly string[];
  /** The labels of the marks. */
  words: Readonly<Record<Exclude<Mark, '.'>, string>>;
  changes: boolean;
}

interface Column {
  roleId: PlanRoleId;
  name: string;
  tag: string;
  marks: Map<Grant, Mark>;
}

/** The matrix of a document: with a snapshot, of all live roles, else of the roles in the document. */
export function planMatrix(document: PlanDocument, snapshot?: Snapshot): MatrixData {
  const vocabulary = vocabularyOf(document);
  const columns = new Map<PlanRoleId, Column>(
    (snapshot?.roles ?? []).map((role) => [role.id, liveColumn(role)]),
  );
  for (const view of roleViews(document)) {
    if (!view.grants) {
      const column = columns.get(view.roleId);
      if (column) columns.set(view.roleId, { ...column, name: view.name });
      continue;
    }
    columns.set(view.roleId, changedColumn(view, vocabulary));
  }
  return matrix([...columns.values()], {
    snapshot,
    isProtected: protectedTest(document, snapshot),
    titles: new Map(document.impact.map((entry) => [entry.grant, entry.title ?? ''])),
    words: marksOf(vocabulary.grants),
  });
}

/** The matrix of live state. */
export function liveMatrix(snapshot: Snapshot, isProtected: (grant: Grant) => boolean): MatrixData {
  const words = marksOf(vocabularyOf({ kind: 'plan' }).grants);
  return matrix(snapshot.roles.map(liveColumn), { snapshot, isProtected, titles: new Map(), words });
}

function marksOf({ added, removed }: Vocabulary['grants']): MatrixData['words'] {
  return { h: 'held', a: added, r: removed };
}

/**
 * Is a grant protected? The impact of a document says so of its own grants. The catalogue of a snapshot decides about
 * others; a saved document has none, so the shipped table does.
 */
function protectedTest({ impact, policy }: PlanDocument, snapshot?: Snapshot): (grant: Grant) => boolean {
  const known = new Map(impact.map((entry) => [entry.grant, entry.protected]));
  const others = protectedGrants(snapshot?.catalogue ?? [], policy.protectedGrants);
  return (grant) => known.get(grant) ?? others.has(grant);
}

function liveColumn({ id, name, grants }: LiveRole): Column {
  const tag = isSystemRole(id) ? 'system' : '';
  return { roleId: id, name, tag, marks: new Map(grants.map((grant) => [grant, 'h'])) };
}

function changedColumn({ roleId, name, state, grants }: RoleView, { roleStates }: Vocabulary): Column {
  const marks = new Map<Grant, Mark>();
  for (const grant of grants?.kept ?? []) marks.set(grant, 'h');
  for (const grant of grants?.added ?? []) marks.set(grant, 'a');
  for (const grant of grants?.removed ?? []) marks.set(grant, 'r');
  return { roleId, name, tag: roleStates[state].tag, marks };
}

interface MatrixShape {
  snapshot: Snapshot | undefined;
  isProtected: (grant: Grant) => boolean;
  titles: ReadonlyMap<Grant, string>;
  words: MatrixData['words'];
}

function matrix(columns: readonly Column[], shape: MatrixShape): MatrixData {
  const sorted = [...columns].sort(bySystemThenName);
  const grants = matrixGrants(sorted, shape);
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
    words: shape.words,
    changes: cells.some((row) => /[ar]/.test(row)),
  };
}

function bySystemThenName(a: Column, b: Column): number {
  return (
    rankOf(a.roleId) - rankOf(b.roleId) ||
    byCodeUnit(a.name, b.name) ||
    byCodeUnit(String(a.roleId), String(b.roleId))
  );
}

function rankOf(roleId: PlanRoleId): number {
  return typeof roleId === 'number' ? systemRank(roleId) : Number.MAX_SAFE_INTEGER;
}

/** The grants of the catalogue and further ones that roles hold, by group, then by id. */
function matrixGrants(
  columns: readonly Column[],
  { snapshot, isProtected, titles }: MatrixShape,
): MatrixData['grants'] {
  const catalogue = new Map((snapshot?.catalogue ?? []).map((entry) => [entry.grant, entry]));
  const names = new Set([...catalogue.keys(), ...columns.flatMap((column) => [...column.marks.keys()])]);
  return [...names]
    .map((grant) => ({
      grant,
      title: catalogue.get(grant)?.title ?? titles.get(grant) ?? '',
      group: catalogue.get(grant)?.group ?? '',
      protected: isProtected(grant),
    }))
    .sort((a, b) => byCodeUnit(a.group, b.group) || byCodeUnit(a.grant, b.grant));
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
  const protectedOnly = data.grants.some((entry) => entry.protected)
    ? '<label class="check"><input type="checkbox" id="m-protected"> Only protected grants</label>'
    : '';
  const { h, a, r } = data.words;
  const legend = data.changes
    ? `<li><i class="key a"></i>${lineHtml(a)}</li><li><i class="key r"></i>${lineHtml(r)}</li><li><i class="key h"></i>${lineHtml(h)}</li>`
    : `<li><i class="key h"></i>${lineHtml(h)}</li>`;
  return `<div class="controls" role="search" aria-label="Filter the matrix">
<label class="search"><span>Role</span><input type="search" id="m-role" autocomplete="off" spellcheck="false" placeholder="part of a name"></label>
<label class="search"><span>Grant</span><input type="search" id="m-grant" autocomplete="off" spellcheck="false" placeholder="part of an id or a title"></label>
${select}${changed}${protectedOnly}<output id="m-count" aria-live="polite"></output></div>
<div class="under"><ul class="legend">${legend}</ul><p class="readout" id="m-read" aria-hidden="true">Hover over a cell to see its details.</p></div>
<div class="scroll matrix" tabindex="0" role="region" aria-label="Roles by grants"><table id="m-table" class="marks grants"></table></div>`;
}
