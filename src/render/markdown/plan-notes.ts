import type { Drift } from '../../drift/drift.js';
import type { PlanWarning } from '../../plan/plan.js';
import { acceptedItems } from '../facts/accepted.js';
import { NOTICE_HEADINGS, policyNotices } from '../facts/policy-notices.js';
import { codeSpan, fenced, escapeProse } from './escape.js';
import type { MarkdownUnit } from './fit.js';
import { attributed, riskWords } from '../facts/role-views.js';
import { oneLine } from '../format/one-line.js';
import { clip, cut, figure, plural } from '../format/phrases.js';
import { conditionText } from '../facts/conditions.js';
import type { PlanDocument } from '../vocabulary.js';

/** Default role and allowlist. */
export function settingUnits(document: PlanDocument): MarkdownUnit[] {
  const drift = document.kind === 'drift';
  return document.changes.flatMap((change) => {
    if (change.kind !== 'defaultRole.set' && change.kind !== 'allowlist.set') return [];
    const label = change.kind === 'defaultRole.set' ? 'Default role' : 'Roles allowlist';
    const [from, to] = drift ? [change.after, change.before] : [change.before, change.after];
    const risk = drift ? null : riskWords(change.risk);
    const full = [
      `- ${label}: ${settingWords(from)} → ${settingWords(to)}`,
      ...(risk === null ? [] : [`  - risk: ${escapeProse(risk)}`]),
      ...attributed(change).map((who) => `  - by ${codeSpan(who)}`),
    ].join('\n');
    return [
      {
        group: 'Settings',
        importance: 75,
        full,
        short: `- ${label} ${drift ? 'differs' : 'changes'}`,
        noun: ['setting', 'settings'] as const,
        count: 1,
      },
    ];
  });
}

function settingWords(value: string | readonly string[]): string {
  if (typeof value === 'string') return codeSpan(value);
  const { shown, more } = cut(value, 30);
  return `${shown.map((name) => codeSpan(name)).join(', ')}${more > 0 ? ` and ${figure(more)} more` : ''}`;
}

interface NoteShape {
  group: string;
  importance: number;
  noun: readonly [string, string];
  limit: number;
}

/** A list folded away, or its count. */
function folded(lines: readonly string[], { group, importance, noun, limit }: NoteShape): MarkdownUnit[] {
  if (lines.length === 0) return [];
  const count = plural(lines.length, noun[0], noun[1]);
  const { shown, more } = cut(lines, limit);
  const list = [...shown, ...(more > 0 ? [`- and ${figure(more)} more`] : [])].join('\n');
  const full = `<details><summary>${count}</summary>\n\n${list}\n\n</details>`;
  return [{ group, importance, full, short: `- ${count}`, noun, count: lines.length }];
}

/** Warnings, missing people, unmanaged roles, accepted drift, held grants, requests. */
export function noteUnits(document: PlanDocument, limit: number): MarkdownUnit[] {
  const unmanaged = document.unmanaged.roles.map(
    (role) =>
      `- ${codeSpan(role.name)} (${role.id}): ${role.people === null ? '' : `${plural(role.people, 'person', 'people')}, `}${plural(role.grants, 'grant')}`,
  );
  const accepted = document.accepted.map((entry) =>
    [
      `- ${codeSpan(entry.what)}${entry.role === null ? '' : ` of ${codeSpan(entry.role)}`} until ${codeSpan(entry.until)}: ${escapeProse(entry.difference)}; reason: ${escapeProse(entry.reason)}`,
      ...acceptedItems(entry).map((item) => `  - ${codeSpan(item)}`),
    ].join('\n'),
  );
  const held = document.held.flatMap(({ role, grants }) =>
    grants.map(
      ({ grant, neededBy }) =>
        `- ${codeSpan(role)}: ${codeSpan(grant)} for ${cut(neededBy, 5)
          .shown.map((other) => codeSpan(other))
          .join(', ')}`,
    ),
  );
  const most = Math.max(limit, 1);
  return [
    ...folded(document.warnings.map(warningLine), {
      group: 'Warnings',
      importance: 30,
      noun: ['warning', 'warnings'],
      limit: most,
    }),
    ...folded(
      document.missingPeople.map((person) => `- ${codeSpan(person)}`),
      {
        group: 'Listed people who are not on the instance',
        importance: 25,
        noun: ['person', 'people'],
        limit: most,
      },
    ),
    ...folded(unmanaged, {
      group: 'Roles that the manifest does not name',
      importance: 15,
      noun: ['role', 'roles'],
      limit: most,
    }),
    ...folded(accepted, {
      group: 'Accepted drift, left alone',
      importance: 28,
      noun: ['difference', 'differences'],
      limit: Infinity,
    }),
    ...folded(held, {
      group: 'Held because another grant needs it',
      importance: 13,
      noun: ['held grant', 'held grants'],
      limit: most,
    }),
    ...requestUnit(document),
  ];
}

/** What the policy lets through, one line each: guards weaker than their defaults, and accepted drift. */
export function noticeUnits(document: PlanDocument): MarkdownUnit[] {
  return policyNotices(document).map(({ code, text }) => {
    const line = `- ${escapeProse(text)}`;
    const isGuard = code === 'weakened-guard';
    return {
      group: NOTICE_HEADINGS[code],
      importance: isGuard ? 99 : 85,
      full: line,
      short: line,
      noun: isGuard ? ['weakened guard', 'weakened guards'] : ['accepted entry', 'accepted entries'],
      count: 1,
    };
  });
}

/** What the manifest names and the instance does not have, one line each. */
export function problemUnits({ problems }: Pick<Drift, 'problems'>): MarkdownUnit[] {
  return problems.map((one) => {
    const line = warningLine(one);
    const noun = ['problem', 'problems'] as const;
    return {
      group: 'Not on the instance, and not compared',
      importance: 100,
      full: line,
      short: line,
      noun,
      count: 1,
    };
  });
}

function warningLine(warning: PlanWarning): string {
  const place =
    warning.file === null
      ? ''
      : ` (${codeSpan([warning.file, warning.line, warning.column].filter((part) => part !== null).join(':'))})`;
  return `- **${warning.code}**: ${escapeProse(warning.message)}${place}${warning.hint === null ? '' : `; hint: ${escapeProse(warning.hint)}`}`;
}

function requestUnit(document: PlanDocument): MarkdownUnit[] {
  const lines = document.changes.flatMap((change) =>
    change.requests.map((request) => {
      const { method, path, body } = request;
      const sent = body === null || body === undefined ? '' : ` ${JSON.stringify(body)}`;
      const when = conditionText(request);
      return `${clip(oneLine(`${method} ${path}${sent}`), 600)}${when === '' ? '' : `  # ${when}`}`;
    }),
  );
  if (lines.length === 0) return [];
  const { requests } = document.summary;
  const more = lines.length - requests;
  const count = `${plural(requests, 'request')}${more > 0 ? ` and ${figure(more)} on a condition` : ''}`;
  const group = document.kind === 'drift' ? 'Requests of the way back' : 'Requests';
  const full = `<details><summary>${count}, in order</summary>\n\n${fenced('', lines)}\n\n</details>`;
  return [
    { group, importance: 5, full, short: `- ${count}`, noun: ['request', 'requests'], count: lines.length },
  ];
}
