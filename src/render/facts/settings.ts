import type { Risk } from '../../plan/change.js';
import { quotedName } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';
import { attributionOf } from './role-views.js';

type SettingValue = string | readonly string[];

/** A setting that differs: default role or allowlist. */
export interface SettingView {
  label: string;
  /** In drift, from the manifest's value to the live one. */
  from: SettingValue;
  to: SettingValue;
  /** Low in drift, which proposes no changes. */
  risk: Risk;
  attribution: readonly string[];
}

/** The value of a setting in plain text: a name or a word, or the names of a list. */
export function settingValueText(value: SettingValue): string {
  return typeof value === 'string' ? quotedName(value) : value.map(quotedName).join(', ');
}

const LABELS = { 'defaultRole.set': 'Default role', 'allowlist.set': 'Roles allowlist' } as const;

/** The settings in a document, in its order. */
export function settingViews(document: PlanDocument): SettingView[] {
  return document.changes.flatMap((change): SettingView[] => {
    if (change.kind !== 'defaultRole.set' && change.kind !== 'allowlist.set') return [];
    const { before, after } = change;
    const view = { label: LABELS[change.kind], attribution: attributionOf(change) };
    return document.kind === 'drift'
      ? [{ ...view, from: after, to: before, risk: { level: 'low', reasons: [] } }]
      : [{ ...view, from: before, to: after, risk: change.risk }];
  });
}
