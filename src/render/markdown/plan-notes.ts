import type { Accepted, PlanWarning } from '../../plan/plan.js';
import { acceptedItems } from '../facts/accepted.js';
import { bodyText, conditionText } from '../facts/request-texts.js';
import {
  heldGrants,
  NOTE_HEADINGS,
  placeText,
  problemsOf,
  unmanagedCounts,
  violationNotes,
  warningGroups,
} from '../facts/notes.js';
import { NOTICE_HEADINGS, policyNotices, type PolicyNotice } from '../facts/policy-notices.js';
import { riskText } from '../facts/risks.js';
import { roleLabelText } from '../facts/role-labels.js';
import { rolesOf, settingViews, type SettingValue } from '../facts/settings.js';
import { oneLine } from '../format/one-line.js';
import { andMore, clip, cut, formatNumber, plural } from '../format/phrases.js';
import { vocabularyOf, type PlanDocument } from '../vocabulary.js';
import { codeSpan, escapeProse, fenced } from './escape.js';
import type { MarkdownUnit } from './fit.js';

/** Default role and allowlist. */
export function settingUnits(document: PlanDocument): MarkdownUnit[] {
  const { settingState } = vocabularyOf(document);
  return settingViews(document).map(({ label, from, to, risk, attribution }) => {
    const riskLine = riskText(risk);
    const full = [
      `- ${label}: ${settingText(from)} → ${settingText(to)}`,
      ...(riskLine === null ? [] : [`  - risk: ${escapeProse(riskLine)}`]),
      ...attribution.map((who) => `  - by ${codeSpan(who)}`),
    ].join('\n');
    return {
      group: 'Settings',
      importance: 75,
      full,
      short: `- ${label} ${settingState}`,
      noun: ['setting', 'settings'],
      count: 1,
    };
  });
}

function settingText(value: SettingValue): string {
  const { shown, more } = cut(rolesOf(value), 30);
  return `${shown.map((label) => roleLabelText(label, codeSpan)).join(', ')}${andMore(more)}`;
}

interface NoteShape {
  group: string;
  importance: number;
  noun: readonly [string, string];
}

/** A list folded away, or its count. */
function folded(
  lines: readonly string[],
  { limit, ...shape }: NoteShape & { limit: number },
): MarkdownUnit[] {
  const { shown, more } = cut(lines, limit);
  return foldedUnit(
    [...shown, ...(more > 0 ? [`- and ${formatNumber(more)} more`] : [])],
    lines.length,
    shape,
  );
}

/** Lines folded away below the number of what they list, or that number. */
function foldedUnit(
  lines: readonly string[],
  total: number,
  { group, importance, noun }: NoteShape,
): MarkdownUnit[] {
  if (total === 0) return [];
  const count = plural(total, noun[0], noun[1]);
  const full = `<details><summary>${count}</summary>\n\n${lines.join('\n')}\n\n</details>`;
  return [{ group, importance, full, short: `- ${count}`, noun, count: total }];
}

/** Warnings by code, folded away. */
function warningUnit({ warnings }: PlanDocument, limit: number): MarkdownUnit[] {
  const lines = warningGroups(warnings, limit).flatMap(({ code, shown, more }) => [
    ...shown.map(warningLine),
    ...(more > 0 ? [`- **${code}**: and ${formatNumber(more)} more`] : []),
  ]);
  const noun = ['warning', 'warnings'] as const;
  return foldedUnit(lines, warnings.length, { group: NOTE_HEADINGS.warnings, importance: 30, noun });
}

/** Warnings, missing people, unmanaged roles, accepted drift, held grants, requests. */
export function noteUnits(document: PlanDocument, limit: number): MarkdownUnit[] {
  const most = Math.max(limit, 1);
  return [
    ...warningUnit(document, most),
    ...folded(
      document.missingPeople.map((person) => `- ${codeSpan(person)}`),
      { group: NOTE_HEADINGS.missingPeople, importance: 25, noun: ['person', 'people'], limit: most },
    ),
    ...folded(
      document.unmanaged.roles.map(
        (role) => `- ${codeSpan(role.name)} (${role.id}): ${unmanagedCounts(role)}`,
      ),
      {
        group: NOTE_HEADINGS.unmanaged,
        importance: 15,
        noun: ['unmanaged role', 'unmanaged roles'],
        limit: most,
      },
    ),
    ...folded(document.accepted.map(acceptedLines), {
      group: NOTE_HEADINGS.accepted,
      importance: 28,
      noun: ['difference', 'differences'],
      limit: Infinity,
    }),
    ...folded(heldLines(document), {
      group: NOTE_HEADINGS.held,
      importance: 13,
      noun: ['held grant', 'held grants'],
      limit: most,
    }),
    ...requestUnit(document),
  ];
}

function acceptedLines(entry: Accepted): string {
  const of = entry.role === null ? '' : ` of ${codeSpan(entry.role)}`;
  return [
    `- ${codeSpan(entry.what)}${of} until ${codeSpan(entry.until)}: ${escapeProse(entry.difference)}; reason: ${escapeProse(entry.reason)}`,
    ...acceptedItems(entry).map((item) => `  - ${codeSpan(item)}`),
  ].join('\n');
}

function heldLines(document: PlanDocument): string[] {
  return heldGrants(document).map(({ role, grant, neededBy }) => {
    const { shown, more } = cut(neededBy, 5);
    const needing = shown.map((other) => codeSpan(other)).join(', ');
    return `- ${codeSpan(role)}: ${codeSpan(grant)} for ${needing}${andMore(more)}`;
  });
}

/** The priority of a notice if space is short, and its count. */
const NOTICE_RANKS: Readonly<
  Record<PolicyNotice['code'], { importance: number; noun: readonly [string, string] }>
> = {
  'policy-file': { importance: 100, noun: ['policy file', 'policy files'] },
  'policy-override': { importance: 99, noun: ['override', 'overrides'] },
  'weakened-guard': { importance: 99, noun: ['weakened guard', 'weakened guards'] },
  'rule-in-force': { importance: 84, noun: ['rule', 'rules'] },
  'accepted-drift': { importance: 85, noun: ['accepted entry', 'accepted entries'] },
};

/** The policy file, weakened guards, accepted drift and rules, one line each. */
export function noticeUnits(document: PlanDocument): MarkdownUnit[] {
  return policyNotices(document).map(({ code, text }) => {
    const line = `- ${escapeProse(text)}`;
    return { group: NOTICE_HEADINGS[code], ...NOTICE_RANKS[code], full: line, short: line, count: 1 };
  });
}

/** Problems with objects that the instance does not have, one line each. */
export function problemUnits(document: PlanDocument): MarkdownUnit[] {
  return problemsOf(document).map((one) => {
    const line = warningLine(one);
    const noun = ['problem', 'problems'] as const;
    return { group: NOTE_HEADINGS.problems, importance: 100, full: line, short: line, noun, count: 1 };
  });
}

/** Violated rules, one line each. */
export function violationUnits(document: PlanDocument): MarkdownUnit[] {
  return violationNotes(document).map((one) => {
    const line = warningLine(one);
    const noun = ['broken rule', 'broken rules'] as const;
    return { group: NOTE_HEADINGS.violations, importance: 95, full: line, short: line, noun, count: 1 };
  });
}

function warningLine(warning: PlanWarning): string {
  const place = placeText(warning);
  const where = place === '' ? '' : ` (${codeSpan(place)})`;
  const hint = warning.hint === null ? '' : `; hint: ${escapeProse(warning.hint)}`;
  return `- **${warning.code}**: ${escapeProse(warning.message)}${where}${hint}`;
}

function requestUnit(document: PlanDocument): MarkdownUnit[] {
  const lines = document.changes.flatMap((change) =>
    change.requests.map((request) => {
      const [body, when] = [bodyText(request), conditionText(request)];
      const sent = `${request.method} ${oneLine(request.path)}${body === '' ? '' : ` ${body}`}`;
      return `${clip(sent, 600)}${when === '' ? '' : `  # ${when}`}`;
    }),
  );
  if (lines.length === 0) return [];
  const { requests } = document.summary;
  const more = lines.length - requests;
  const count = `${plural(requests, 'request')}${more > 0 ? ` and ${formatNumber(more)} on a condition` : ''}`;
  return [
    {
      group: vocabularyOf(document).sections.requests,
      importance: 5,
      full: `<details><summary>${count}, in order</summary>\n\n${fenced('', lines)}\n\n</details>`,
      short: `- ${count}`,
      noun: ['request', 'requests'],
      count: lines.length,
    },
  ];
}
