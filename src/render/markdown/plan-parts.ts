import type { Refusal } from '../../plan/plan.js';
import { impactGroups, type ImpactGroup } from '../facts/impact-groups.js';
import { NOTE_HEADINGS } from '../facts/notes.js';
import { allowedOf, refusalFacts, refusalsOf } from '../facts/refusal-facts.js';
import { ownerGroups, type Grouping } from '../facts/owners.js';
import { roleViews, type RoleView } from '../facts/role-views.js';
import { andMore, cut, personLabel, plural } from '../format/phrases.js';
import { vocabularyOf, type PlanDocument, type Vocabulary } from '../vocabulary.js';
import { codeSpan, escapeProse } from './escape.js';
import type { MarkdownUnit } from './fit.js';
import { noteUnits, noticeUnits, problemUnits, settingUnits, violationUnits } from './plan-notes.js';
import { roleUnit } from './role-unit.js';

/** All units of a comment, in order. */
export function markdownUnits(
  document: PlanDocument,
  { limit, groupBy }: { limit: number; groupBy?: Grouping | undefined },
): MarkdownUnit[] {
  const vocabulary = vocabularyOf(document);
  const views = roleViews(document);
  const unit = (view: RoleView): MarkdownUnit => roleUnit(view, limit, vocabulary);
  const impactUnits = (groups: readonly ImpactGroup[]): MarkdownUnit[] =>
    groups.map((group) => impactUnit(group, limit, vocabulary));
  const groups = impactGroups(document.impact);
  return [
    ...noticeUnits(document),
    ...refusalsOf(document).map((refusal) => refusalUnit(refusal, limit)),
    ...allowedOf(document).map((refusal) => allowedUnit(refusal, limit)),
    ...problemUnits(document),
    ...violationUnits(document),
    ...impactUnits(groups.filter(({ any }) => any.protected)),
    ...(groupBy === undefined ? views.map(unit) : unitsByOwner(views, unit)),
    ...settingUnits(document),
    ...impactUnits(groups.filter(({ any }) => !any.protected)),
    ...noteUnits(document, limit),
  ];
}

/** A heading per owner. A long owner is cut in the heading and complete in the details of its roles. */
function unitsByOwner(views: readonly RoleView[], unit: (view: RoleView) => MarkdownUnit): MarkdownUnit[] {
  return ownerGroups(views).flatMap(({ owner, roles }) => {
    const who = owner === null ? 'no owner' : `owner ${codeSpan(owner)}`;
    return roles.map(unit).map((one) => ({ ...one, group: `${one.group}: ${who}` }));
  });
}

function refusalUnit(refusal: Refusal, limit: number): MarkdownUnit {
  const [head, details] = refusalBullets(refusal, limit);
  const short = head.join('\n');
  const full = [...head, ...details].join('\n');
  return { group: NOTE_HEADINGS.refused, importance: 100, full, short, noun: REFUSALS, count: 1 };
}

function allowedUnit(refusal: Refusal & { reason: string | null }, limit: number): MarkdownUnit {
  const [head, details] = refusalBullets(refusal, limit);
  const reason = refusal.reason === null ? [] : [`  - reason: ${escapeProse(refusal.reason)}`];
  const short = head.join('\n');
  const full = [...head, ...reason, ...details].join('\n');
  return { group: NOTE_HEADINGS.allowed, importance: 90, full, short, noun: REFUSALS, count: 1 };
}

const REFUSALS = ['refusal', 'refusals'] as const;

/** The short and full form of a refusal. */
function refusalBullets(refusal: Refusal, limit: number): [string[], string[]] {
  const facts = refusalFacts(refusal).map((fact) => {
    if (fact.value === '') return fact.label;
    return `${fact.label} ${fact.code ? codeSpan(fact.value) : `**${fact.value}**`}`;
  });
  const { shown, more } = cut(refusal.items, limit);
  const items = shown.map((item) => codeSpan(item)).join(', ');
  return [
    [`- **${refusal.code}**: ${escapeProse(refusal.message)}`, `  - ${facts.join(' · ')}`],
    [
      ...(shown.length > 0 ? [`  - about ${items}${andMore(more)}`] : []),
      ...(refusal.hint === null ? [] : [`  - hint: ${escapeProse(refusal.hint)}`]),
    ],
  ];
}

function impactUnit(
  { grants, titled, any }: ImpactGroup,
  limit: number,
  { impact, sections }: Vocabulary,
): MarkdownUnit {
  const heads = grants.map(
    ({ grant, title }) => `${codeSpan(grant)}${title === null || !titled ? '' : ` (${escapeProse(title)})`}`,
  );
  const sides = [
    { label: impact.gains.label, people: any.gains, count: any.gainCount },
    { label: impact.loses.label, people: any.loses, count: any.loseCount },
  ].filter(({ count }) => count > 0);
  const text = (most: number): string =>
    [`- ${heads.join(', ')}`, ...sides.map((side) => `  - ${sideText(side, most)}`)].join('\n');
  return {
    group: any.protected ? 'Protected grants' : sections.otherGrants,
    importance: any.protected ? 80 : 20,
    full: text(limit),
    short: text(0),
    noun: ['grant', 'grants'],
    count: grants.length,
  };
}

interface Side {
  label: string;
  people: ImpactGroup['any']['gains'];
  count: number;
}

function sideText({ label, people, count }: Side, most: number): string {
  const { shown } = cut(people, most);
  const names = shown.map((person) => codeSpan(personLabel(person))).join(', ');
  const list = names === '' ? '' : `: ${names}${andMore(count - shown.length)}`;
  return `${label} **${plural(count, 'person', 'people')}**${list}`;
}
