import type { Risk } from '../../plan/change.js';
import type { PlanDocument } from '../vocabulary.js';
import { attributionOf } from './role-views.js';

type SettingValue = string | readonly string[];

/** A setting that differs: default role or allowlist. */
export interface SettingView {
  label: string;
  /** In a drift document from what the manifest says to what is live. */
  from: SettingValue;
  to: SettingValue;
  /** Low in a drift document, which proposes nothing. */
  risk: Risk;
  attribution: readonly string[];
}

const LABELS = { 'defaultRole.set': 'Default role', 'allowlist.set': 'Roles allowlist' } as const;

/** The settings that a document is about, in its order. */
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
