import { escapeHtml, lineHtml } from './escape.js';
import { ownerGroups } from '../facts/owners.js';
import { plural, nameText } from '../format/phrases.js';
import { searchField } from './controls.js';

/** A column of a long list, and the form of its cells. */
type ListColumn = { title: string; show: 'text' | 'code' | 'number' | 'fold' | 'instance' };

/** A long list that the page's script shows page by page. Texts are one line each, and data, not HTML. */
export interface ListData {
  id: string;
  /** The counted noun, singular and plural. */
  noun: readonly [string, string];
  columns: readonly ListColumn[];
  rows: readonly (readonly (string | number)[])[];
  /** Headings between rows: their texts, and which one each row belongs to. */
  groups?: { titles: readonly string[]; of: readonly number[] };
}

/** A list as the page holds it: each text once. Cells of columns other than numbers are indexes into `texts`. */
export interface PackedList extends ListData {
  rows: readonly (readonly number[])[];
  texts: readonly string[];
}

/** Packs a list: the rows of a hundred thousand people name the same thousand roles. */
export function packedList(list: ListData): PackedList {
  const known = new Map<string, number>();
  const indexOf = (text: string): number => {
    const index = known.get(text) ?? known.size;
    known.set(text, index);
    return index;
  };
  const isNumber = list.columns.map(({ show }) => show === 'number');
  const rows = list.rows.map((row) =>
    row.map((cell, column) => (isNumber[column] ? Number(cell) : indexOf(String(cell)))),
  );
  return { ...list, rows, texts: [...known.keys()] };
}

/** Groups rows by owner under headings; `owners` has one entry per row. */
export function rowsByOwner(list: ListData, owners: readonly (string | null)[]): ListData {
  const groups = ownerGroups(list.rows.map((row, index) => ({ row, owner: owners[index] ?? null })));
  return {
    ...list,
    rows: groups.flatMap(({ roles }) => roles.map(({ row }) => row)),
    groups: {
      titles: groups.map(({ owner }) => (owner === null ? 'No owner' : `Owner ${nameText(owner)}`)),
      of: groups.flatMap(({ roles }, index) => roles.map(() => index)),
    },
  };
}

/** The frame that the script fills. */
export function listFrame(list: ListData, placeholder: string): string {
  const heads = list.columns
    .map(
      ({ title, show }) =>
        `<th scope="col"${show === 'number' ? ' class="number"' : ''}>${lineHtml(title)}</th>`,
    )
    .join('');
  const id = escapeHtml(list.id);
  const total = plural(list.rows.length, ...list.noun);
  return `<div class="list" data-list="${id}">
<div class="controls">${searchField(placeholder)}<output aria-live="polite">${total}</output></div>
<div class="scroll" tabindex="0" role="region" aria-label="${lineHtml(`List of ${list.noun[1]}`)}"><table class="rows"><thead><tr>${heads}</tr></thead><tbody></tbody></table></div>
<button type="button" class="more" hidden>Show more</button>
</div>`;
}
