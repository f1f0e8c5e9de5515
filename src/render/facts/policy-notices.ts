import type { AcceptedDrift } from '../../model/policy.js';
import type { PolicyFile } from '../../model/policy-overlay.js';
import type { LimitCode, WeakenedGuard } from '../../plan/plan.js';
import { andMore, cut, formatNumber, plural, nameText } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';
import { overrideText, policyFileText } from './policy-file.js';

/** Factors that affect how strictly a document was checked: a policy file, weakened guards, rules, accepted drift. */
export interface PolicyNotice {
  code: 'policy-file' | 'policy-override' | 'weakened-guard' | 'rule-in-force' | 'accepted-drift';
  /** The subject: a manifest key, or the accepted object. */
  subject: string;
  /** A sentence without a full stop. */
  text: string;
}

/** The most names in one sentence. */
const MOST = 30;

/** The kinds in the order of reports, with their headings. */
export const NOTICE_HEADINGS: Readonly<Record<PolicyNotice['code'], string>> = {
  'policy-file': 'Policy file',
  'policy-override': 'What the policy file changes',
  'weakened-guard': 'Guards weaker than their defaults',
  'rule-in-force': 'Rules in force',
  'accepted-drift': 'Accepted drift in force',
};

/** Does a notice need action? All others are informational. */
export function needsAttention({ code }: PolicyNotice): boolean {
  return code === 'weakened-guard' || code === 'accepted-drift';
}

/** The policy file and its changes, weakened guards, rules, then accepted drift in force. */
export function policyNotices({
  weakenedGuards,
  rules,
  acceptedDrift,
  policyFile,
}: Pick<PlanDocument, 'weakenedGuards' | 'rules' | 'acceptedDrift' | 'policyFile'>): PolicyNotice[] {
  return [
    ...(policyFile ? policyFileNotices(policyFile) : []),
    ...weakenedGuards.map((guard): PolicyNotice => ({
      code: 'weakened-guard',
      subject: guard.key,
      text: `${guard.key} ${weakenedText(guard)}`,
    })),
    ...rules.map(({ name, level, text }): PolicyNotice => ({
      code: 'rule-in-force',
      subject: name,
      text: `${name}${level === 'warn' ? ' (warns only)' : ''}: ${text}`,
    })),
    ...acceptedDrift.map((entry): PolicyNotice => ({
      code: 'accepted-drift',
      subject: acceptedSubject(entry),
      text: `${acceptedSubject(entry)} until ${entry.until}: ${entry.reason}`,
    })),
  ];
}

/** The policy file, then every key that it changes. */
export function policyFileNotices(file: PolicyFile): PolicyNotice[] {
  return [
    { code: 'policy-file', subject: nameText(file.path), text: policyFileText(file) },
    ...file.overrides.map((one): PolicyNotice => ({
      code: 'policy-override',
      subject: nameText(one.key),
      text: overrideText(one),
    })),
  ];
}

/** The unit of a limit's figures. */
const COUNTED: Readonly<Record<LimitCode, readonly [string, string]>> = {
  'max-deletes': ['custom role', 'custom roles'],
  'max-grant-changes': ['grant of custom roles', 'grants of custom roles'],
  'max-moves': ['person', 'people'],
};

function isLimit(code: WeakenedGuard['code']): code is LimitCode {
  return Object.hasOwn(COUNTED, code);
}

function weakenedText({ code, value, default: standard, of, grants }: WeakenedGuard): string {
  if (code === 'escalation') {
    const { shown, more } = cut(grants, MOST);
    const names = shown.map(nameText).join(', ');
    return `leaves out ${formatNumber(grants.length)} of ${plural(Number(standard), 'default protected grant')}: ${names}${andMore(more)}`;
  }
  if (of === null || !isLimit(code)) return `is ${valueText(value)}, by default ${valueText(standard)}`;
  const [one, many] = COUNTED[code];
  return `allows ${valueText(value)} of ${plural(of, one, many)}, by default ${valueText(standard)}`;
}

function valueText(value: number | string): string {
  return typeof value === 'number' ? formatNumber(value) : nameText(value);
}

/** `members of Data Analyst for cy@acme.com`, `rule few-admins for role Admin`. */
function acceptedSubject(entry: AcceptedDrift): string {
  const people = (entry.people ?? []).map((ref) => ('id' in ref ? `id ${ref.id}` : nameText(ref.email)));
  const roles = entry.what === 'rule' ? (entry.roles ?? []).map((name) => `role ${nameText(name)}`) : [];
  const { shown, more } = cut([...roles, ...people], MOST);
  const whom = shown.length > 0 ? ` for ${shown.join(', ')}${andMore(more)}` : '';
  return `${acceptedWhat(entry)}${whom}`;
}

function acceptedWhat(entry: AcceptedDrift): string {
  if (entry.what === 'rule') return `rule ${nameText(entry.rule)}`;
  if (entry.role !== null) return `${entry.what} of ${nameText(entry.role)}`;
  return entry.what === 'unmanaged' ? 'unmanaged roles, all of them' : entry.what;
}
