import { isSetting } from '../../plan/change-kinds.js';
import type { SettingChange } from '../../plan/change-kinds.js';
import type { Risk } from '../../plan/change.js';
import { nameText } from '../format/phrases.js';
import { roleLabels, roleLabelText, type RoleLabel, type RoleLabels } from './role-labels.js';
import type { PlanDocument } from '../vocabulary.js';
import { attributionOf } from './attribution.js';

/** A role or a word, or the roles of a list. */
export type SettingValue = RoleLabel | readonly RoleLabel[];

/** A setting that differs: default role or allowlist. */
interface SettingView {
  label: string;
  /** In drift, from the manifest's value to the live one. */
  from: SettingValue;
  to: SettingValue;
  /** Low in drift, which proposes no changes. */
  risk: Risk;
  attribution: readonly string[];
}

/** The value of a setting in plain text. */
export function settingValueText(value: SettingValue): string {
  return rolesOf(value)
    .map((label) => roleLabelText(label, nameText))
    .join(', ');
}

/** The roles of a value, or its one word. */
export function rolesOf(value: SettingValue): readonly RoleLabel[] {
  return 'name' in value ? [value] : value;
}

const LABELS: Readonly<Record<SettingChange['kind'], string>> = {
  'defaultRole.set': 'Default role',
  'allowlist.set': 'Roles allowlist',
};

/** The settings in a document, in its order. */
export function settingViews(document: PlanDocument): SettingView[] {
  const labels = roleLabels(document);
  return document.changes.flatMap((change): SettingView[] => {
    if (!isSetting(change)) return [];
    const { before, after } = settingSides(change, labels);
    const view = { label: LABELS[change.kind], attribution: attributionOf(change) };
    return document.kind === 'drift'
      ? [{ ...view, from: after, to: before, risk: { level: 'low', reasons: [] } }]
      : [{ ...view, from: before, to: after, risk: change.risk }];
  });
}

/**
 * Both values of a setting. They name roles as they are called in the end, and deleted roles as they are called now.
 */
export function settingSides(
  change: SettingChange,
  labels: RoleLabels,
): { before: SettingValue; after: SettingValue } {
  // Where another role takes the name of a deleted one, a name before the change may mean either.
  const labelBefore = (name: string): RoleLabel =>
    labels.isDeleted(name) ? { name, note: null } : labels.end(name);
  if (change.kind === 'allowlist.set') {
    const list = (value: readonly string[] | 'off', label: (name: string) => RoleLabel): SettingValue =>
      value === 'off' ? { name: value, note: null } : value.map(label);
    return { before: list(change.before, labelBefore), after: list(change.after, labels.end) };
  }
  const { before, after } = change;
  return {
    before: before === after ? labels.deleted(before) : labelBefore(before),
    after: labels.end(after),
  };
}
