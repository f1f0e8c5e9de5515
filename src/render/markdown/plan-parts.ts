import { impactGroups, type ImpactGroup } from '../facts/impact-groups.js';
import type { Plan, PlanPerson, Refusal } from '../../plan/plan.js';
import { memberGroups, type MemberGroup } from '../facts/member-groups.js';
import { codeSpan, fenced, htmlCode, escapeProse } from './escape.js';
import type { MarkdownUnit } from './fit.js';
import { noteUnits, noticeUnits, problemUnits, settingUnits } from './plan-notes.js';
import { RISK_LEVELS, roleViews, type RoleView } from '../facts/role-views.js';
import { oneLine } from '../format/one-line.js';
import { unifiedDiff } from '../facts/line-diff.js';
import { clip, cut, figure, personLabel, plural } from '../format/phrases.js';
import { refusalFacts } from '../facts/refusal-facts.js';
import type { PlanDocument } from '../vocabulary.js';

/** Everything that a comment may say, in the order in which it says it. */
export function markdownUnits(document: PlanDocument, limit: number): MarkdownUnit[] {
  const drift = document.kind === 'drift';
  const groups = impactGroups(document.impact);
  const impact = (some: readonly ImpactGroup[], importance: number): MarkdownUnit[] =>
    some.map((group) => impactUnit(group, { limit, drift, importance }));
  return [
    ...noticeUnits(document),
    ...(document.kind === 'plan' ? refusalUnits(document, limit) : problemUnits(document)),
    ...impact(
      groups.filter(({ any }) => any.protected),
      80,
    ),
    ...roleViews(document).map((view) => roleUnit(view, limit, drift)),
    ...settingUnits(document),
    ...impact(
      groups.filter(({ any }) => !any.protected),
      20,
    ),
    ...noteUnits(document, limit),
  ];
}

function refusalUnits(plan: Plan, limit: number): MarkdownUnit[] {
  const unit = (refusal: Refusal & { reason?: string | null }, importance: number): MarkdownUnit => {
    const facts = refusalFacts(refusal).map((fact) => {
      if (fact.value === '') return fact.label;
      return `${fact.label} ${fact.code ? codeSpan(fact.value) : `**${fact.value}**`}`;
    });
    const { shown, more } = cut(refusal.items, limit);
    const lines = [
      `- **${refusal.code}**: ${escapeProse(refusal.message)}`,
      `  - ${facts.join(' · ')}`,
      ...(shown.length > 0
        ? [`  - about ${shown.map((item) => codeSpan(item)).join(', ')}${andMore(more)}`]
        : []),
      ...(refusal.reason == null ? [] : [`  - reason: ${escapeProse(refusal.reason)}`]),
      ...(refusal.hint === null ? [] : [`  - hint: ${escapeProse(refusal.hint)}`]),
    ];
    const group = importance === 100 ? 'Refused' : 'Allowed by flag';
    return {
      group,
      importance,
      full: lines.join('\n'),
      short: lines.slice(0, 2).join('\n'),
      noun: ['refusal', 'refusals'],
      count: 1,
    };
  };
  return [
    ...plan.refusals.map((refusal) => unit(refusal, 100)),
    ...plan.allowed.map((refusal) => unit(refusal, 90)),
  ];
}

function andMore(more: number): string {
  return more > 0 ? ` and ${figure(more)} more` : '';
}

interface ImpactShape {
  limit: number;
  drift: boolean;
  importance: number;
}

function impactUnit(
  { grants, titled, any }: ImpactGroup,
  { limit, drift, importance }: ImpactShape,
): MarkdownUnit {
  const words = drift
    ? { gains: 'missing for', loses: 'held beyond the manifest by' }
    : { gains: 'gained by', loses: 'lost by' };
  const people = (list: readonly PlanPerson[], count: number, most: number): string => {
    const { shown } = cut(list, most);
    const names = shown.map((person) => codeSpan(personLabel(person))).join(', ');
    return `**${plural(count, 'person', 'people')}**${names === '' ? '' : `: ${names}${andMore(count - shown.length)}`}`;
  };
  const heads = grants.map(
    ({ grant, title }) => `${codeSpan(grant)}${title === null || !titled ? '' : ` (${escapeProse(title)})`}`,
  );
  const line = (most: number): string =>
    [
      `- ${heads.join(', ')}`,
      ...(any.gainCount > 0 ? [`  - ${words.gains} ${people(any.gains, any.gainCount, most)}`] : []),
      ...(any.loseCount > 0 ? [`  - ${words.loses} ${people(any.loses, any.loseCount, most)}`] : []),
    ].join('\n');
  const group = any.protected
    ? 'Protected grants'
    : drift
      ? 'Other grants held or missing'
      : 'Other grants: who gains, who loses';
  return {
    group,
    importance,
    full: line(limit),
    short: line(0),
    noun: ['grant', 'grants'],
    count: grants.length,
  };
}

const STATES = {
  plan: { new: 'new role', changed: 'changes', deleted: 'will be deleted' },
  drift: { new: 'is not on the instance', changed: 'differs', deleted: 'should not be on the instance' },
} as const;

function roleUnit(view: RoleView, limit: number, drift: boolean): MarkdownUnit {
  const sign = { new: drift ? '−' : '+', changed: '~', deleted: drift ? '+' : '−' }[view.state];
  const risky = !drift && view.risk.level !== 'low';
  const facts = [
    STATES[drift ? 'drift' : 'plan'][view.state],
    ...roleCounts(view, drift),
    ...(risky ? [`<b>${view.risk.level} risk</b>`] : []),
  ];
  const was = (name: (text: string) => string): string =>
    view.liveName === null ? '' : ` (${drift ? 'is called' : 'renamed from'} ${name(view.liveName)})`;
  const heading = `<b>${sign}</b> ${htmlCode(view.name)}${was(htmlCode)} · ${facts.join(' · ')}`;
  return {
    group: drift ? 'Roles that differ' : 'Roles that change',
    importance: 40 + 10 * RISK_LEVELS.indexOf(drift ? 'low' : view.risk.level),
    full: `<details><summary>${heading}</summary>\n\n${roleDetail(view, limit, drift)}\n\n</details>`,
    short: `- **${sign}** ${codeSpan(view.name)}${was(codeSpan)} · ${facts.join(' · ')}`,
    noun: ['role', 'roles'],
    count: 1,
  };
}

function roleCounts(view: RoleView, drift: boolean): string[] {
  const { grants, arrivals, leavers } = view;
  const gone = leavers.reduce((sum, { people }) => sum + people, 0);
  const added = grants?.added.length ?? 0;
  const removed = grants?.removed.length ?? 0;
  return [
    ...(added > 0 ? [`+${figure(added)} ${added === 1 ? 'grant' : 'grants'}`] : []),
    ...(removed > 0 ? [`−${figure(removed)} ${removed === 1 ? 'grant' : 'grants'}`] : []),
    ...(drift
      ? memberGroups(view).map(({ label, people }) => `${plural(people.length, 'person', 'people')} ${label}`)
      : []),
    ...(arrivals.length > 0 ? [`${plural(arrivals.length, 'person', 'people')} in`] : []),
    ...(gone > 0 ? [`${plural(gone, 'person', 'people')} out`] : []),
  ];
}

function roleDetail(view: RoleView, limit: number, drift: boolean): string {
  const risks = drift
    ? []
    : view.risks.map(
        ({ level, reason }) => `- **${level} risk**${reason === '' ? '' : `: ${escapeProse(reason)}`}`,
      );
  const diff = diffLines(view);
  const bullets = [
    ...risks,
    ...view.attribution.map((who) => `- by ${codeSpan(who)}`),
    ...(view.startsFrom !== null && !drift
      ? [`- starts with the grants of ${codeSpan(view.startsFrom)}`]
      : []),
    ...view.notes.map((note) => `- note: ${escapeProse(note)}`),
    ...memberBullets(view, limit, drift),
  ];
  const blocks = [bullets.join('\n'), diff.length > 0 ? fenced('diff', diff) : ''].filter(
    (block) => block !== '',
  );
  return blocks.length > 0 ? blocks.join('\n\n') : 'Nothing more to tell.';
}

/** Lines of a description that are shown; a manifest can carry a novel. */
const DESCRIPTION_LINES = 40;

function diffLines({ description, grants }: RoleView): string[] {
  const text = description ? unifiedDiff(description.before, description.after) : [];
  const { shown, more } = cut(text, DESCRIPTION_LINES);
  const lines = shown.map((line) => `${line.sign} ${clip(oneLine(line.text), 200)}`);
  return [
    ...(lines.length > 0 ? ['@@ description @@', ...lines] : []),
    ...(more > 0 ? [`… ${figure(more)} more lines`] : []),
    ...(grants && grants.added.length + grants.removed.length > 0
      ? [`@@ grants, ${figure(grants.kept.length)} stay @@`]
      : []),
    ...(grants?.removed ?? []).map((grant) => `- ${clip(oneLine(grant), 160)}`),
    ...(grants?.added ?? []).map((grant) => `+ ${clip(oneLine(grant), 160)}`),
  ];
}

function memberBullets(view: RoleView, limit: number, drift: boolean): string[] {
  if (drift) return memberGroups(view).flatMap((group) => groupBullets(group, limit));
  const { shown, more } = cut(view.arrivals, limit);
  const moves = shown.map((move) => {
    const why =
      move.why === 'role-deleted'
        ? ' (their role is deleted)'
        : move.why === 'taken-out'
          ? ' (taken out of an exact list)'
          : '';
    return `- ${codeSpan(personLabel(move))}: ${codeSpan(move.from)} → ${codeSpan(view.name)}${why}`;
  });
  const leavers = view.leavers.map(
    ({ role, people }) => `- ${plural(people, 'person', 'people')} out to ${codeSpan(role)}`,
  );
  return [
    ...moves,
    ...(more > 0 ? [`- and ${figure(more)} more`] : []),
    ...cut(leavers, Math.max(limit, 20)).shown,
  ];
}

function groupBullets({ title, people }: MemberGroup, limit: number): string[] {
  const { shown, more } = cut(people, limit);
  return [
    `- ${plural(people.length, 'person', 'people')} ${title}`,
    ...shown.map(
      ({ who, verb, role }) => `  - ${codeSpan(who)} ${verb}${role === null ? '' : ` ${codeSpan(role)}`}`,
    ),
    ...(more > 0 ? [`  - and ${figure(more)} more`] : []),
  ];
}
