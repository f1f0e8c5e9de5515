import type { AcceptedDrift } from '../../model/policy.js';
import type { WeakenedCode, WeakenedGuard } from '../../plan/plan.js';
import { cut, figure, plural, quotedName } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';

/** What the policy itself lets through: a guard weaker than its default, or accepted drift. */
export interface PolicyNotice {
  code: 'weakened-guard' | 'accepted-drift';
  /** What it is about: a manifest key, or what is accepted. */
  subject: string;
  /** A sentence without a full stop. */
  text: string;
}

/** Names that one sentence holds. */
const MOST = 30;

/** Headings of the two kinds. */
export const NOTICE_HEADINGS: Readonly<Record<PolicyNotice['code'], string>> = {
  'weakened-guard': 'Guards weaker than their defaults',
  'accepted-drift': 'Accepted drift in force',
};

/** Every weakened guard, then all accepted drift in force. */
export function policyNotices({
  weakenedGuards,
  acceptedDrift,
}: Pick<PlanDocument, 'weakenedGuards' | 'acceptedDrift'>): PolicyNotice[] {
  return [
    ...weakenedGuards.map((guard): PolicyNotice => ({
      code: 'weakened-guard',
      subject: guard.key,
      text: `${guard.key} ${weakenedText(guard)}`,
    })),
    ...acceptedDrift.map((entry): PolicyNotice => ({
      code: 'accepted-drift',
      subject: acceptedSubject(entry),
      text: `${acceptedSubject(entry)} until ${entry.until}: ${entry.reason}`,
    })),
  ];
}

/** What the figures of a limit are counted of. */
const COUNTED: Readonly<Partial<Record<WeakenedCode, readonly [string, string]>>> = {
  'max-deletes': ['custom role', 'custom roles'],
  'max-grant-changes': ['grant of custom roles', 'grants of custom roles'],
  'max-moves': ['person', 'people'],
};

function weakenedText({ code, value, default: standard, of, grants }: WeakenedGuard): string {
  if (code === 'escalation') {
    const { shown, more } = cut(grants, MOST);
    const rest = more > 0 ? ` and ${figure(more)} more` : '';
    const names = shown.map(quotedName).join(', ');
    return `leaves out ${figure(grants.length)} of ${plural(Number(standard), 'default protected grant')}: ${names}${rest}`;
  }
  const [one, many] = COUNTED[code] ?? ['', ''];
  if (of === null) return `is ${valueText(value)}, by default ${valueText(standard)}`;
  return `allows ${valueText(value)} of ${plural(of, one, many)}, by default ${valueText(standard)}`;
}

function valueText(value: number | string): string {
  return typeof value === 'number' ? figure(value) : quotedName(value);
}

/** `members of Data Analyst for cy@acme.com`. */
function acceptedSubject({ what, role, people }: AcceptedDrift): string {
  const of = role === null ? (what === 'unmanaged' ? ' roles, all of them' : '') : ` of ${quotedName(role)}`;
  if (people === null) return `${what}${of}`;
  const { shown, more } = cut(people, MOST);
  const whom = shown.map((ref) => ('id' in ref ? `id ${ref.id}` : quotedName(ref.email))).join(', ');
  return `${what}${of} for ${whom}${more > 0 ? ` and ${figure(more)} more` : ''}`;
}
