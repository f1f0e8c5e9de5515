import { memoize } from '../../model/memoize.js';
import type { PlanRoleId } from '../../model/role-id.js';
import { textChanges } from '../../plan/review/summary.js';
import { vocabularyOf, type PlanDocument } from '../vocabulary.js';

/** A role outside of its own section. A role that the document renames has its other name in brackets. */
export interface RoleLabel {
  /** Raw text. */
  name: string;
  /** The text in brackets, and the raw name after it; null if the name alone is clear. */
  note: { text: string; name: string | null } | null;
}

/** Labels for the roles of one document: names can be swapped, so a name alone may mean two roles. */
export interface RoleLabels {
  /** A role by its live name. */
  live: (name: string, id: PlanRoleId) => RoleLabel;
  /** A role by its name in the end state; in drift, by its name in the manifest. */
  end: (name: string) => RoleLabel;
  /** A deleted role whose name another role takes. */
  deleted: (name: string) => RoleLabel;
  /** Does a deleted role have this name? */
  isDeleted: (name: string) => boolean;
}

/** The labels of a document's roles; computed once, because reports ask for them at every change. */
export const roleLabels = memoize(labelsOf);

function labelsOf(document: PlanDocument): RoleLabels {
  const { liveName, endName, roleStates } = vocabularyOf(document);
  const endNames = new Map<PlanRoleId, string>();
  const liveNames = new Map<string, string>();
  for (const { roleId, before, after } of textChanges(document.changes)) {
    if (before.name === after.name) continue;
    endNames.set(roleId, after.name);
    liveNames.set(after.name, before.name);
  }
  const gone = new Map(
    document.changes.flatMap((change) =>
      change.kind === 'role.delete' ? [[change.roleId, change.before.name] as const] : [],
    ),
  );
  const goneNames = new Set(gone.values());
  const deleted = (name: string): RoleLabel => ({
    name,
    note: { text: roleStates.deleted.text, name: null },
  });
  const noted = (name: string, text: string, other: string | undefined): RoleLabel => ({
    name,
    note: other === undefined ? null : { text, name: other },
  });
  return {
    live: (name, id) =>
      typeof id === 'number' && gone.has(id) && liveNames.has(name)
        ? deleted(name)
        : noted(name, endName, endNames.get(id)),
    end: (name) => noted(name, liveName, liveNames.get(name)),
    deleted,
    isDeleted: (name) => goneNames.has(name),
  };
}

/** A label in a format: `Analyst (renamed to Data Analyst)`, with each name as `show` returns it. */
export function roleLabelText({ name, note }: RoleLabel, show: (name: string) => string): string {
  if (note === null) return show(name);
  const other = note.name === null ? '' : ` ${show(note.name)}`;
  return `${show(name)} (${note.text}${other})`;
}
