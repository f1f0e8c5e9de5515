import stringWidth from 'string-width';
import { headingFacts } from '../facts/heading-facts.js';
import { bodyText, conditionText } from '../facts/request-texts.js';
import { elsewhere, memberGroups, whoAndEnd, type MemberGroup } from '../facts/member-groups.js';
import { attributionNote } from '../facts/notes.js';
import { ownerGroups, type Grouping } from '../facts/owners.js';
import { NOTICE_HEADINGS, needsAttention, policyNotices } from '../facts/policy-notices.js';
import { roleLabelText } from '../facts/role-labels.js';
import { attributionOf } from '../facts/attribution.js';
import { roleViews, type RoleView } from '../facts/role-views.js';
import { summaryLine, verdictOf } from '../facts/verdict.js';
import { oneLine } from '../format/one-line.js';
import { cut, formatNumber, personLabel, plural, nameText } from '../format/phrases.js';
import { byCodeUnit } from '../../model/sort.js';
import { vocabularyOf, type PlanDocument, type Sign } from '../vocabulary.js';
import {
  descriptionLines,
  factLines,
  FULL_WIDTH,
  impactLines,
  noteLines,
  problemLines,
  refusalLines,
  settingLines,
  wrap,
} from './plan-parts.js';
import { styleOf, type Style, type TextContext } from './style.js';

/** Options of a plan as text. */
export interface PlanTextOptions {
  colour: boolean;
  /** The most names per list of people; the rest is counted. Default 20. */
  limit?: number;
  /** Shows each request. */
  verbose?: boolean;
  /** Columns to wrap sentences at. Default: 100. */
  width?: number;
  /** Groups roles by owner. */
  groupBy?: Grouping;
}

/** A plan or drift document for a reviewer at a terminal. Ends with a line end. */
export function planText(document: PlanDocument, options: PlanTextOptions = { colour: false }): string {
  const context: TextContext = {
    style: styleOf(options.colour),
    limit: options.limit ?? 20,
    width: Math.max(40, options.width ?? 100),
    vocabulary: vocabularyOf(document),
  };
  const sections: string[][] = [
    headerLines(document, context),
    ...noticeLines(document, context),
    ...refusalLines(document, context),
    ...problemLines(document, context),
    ...roleSections(roleViews(document), options.groupBy, context),
    ...settingLines(document, context),
    impactLines(document, context),
    ...noteLines(document, context),
    options.verbose === true ? requestLines(document, context) : [],
    [closingLine(document, context)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headerLines(document: PlanDocument, { style, vocabulary, width }: TextContext): string[] {
  const facts = [
    ...headingFacts(document),
    ...document.manifest.files.slice(0, 3).map((file) => nameText(file.path)),
    ...moreFiles(document.manifest.files.length - 3),
  ];
  const verdict = verdictOf(document);
  const paint = { refused: style.red, changes: style.yellow, clean: style.green }[verdict.level];
  const note = attributionNote(document);
  const title = style.bold(`${vocabulary.heading} ${nameText(document.instance)}`);
  const [first = '', ...more] = factLines(facts.join(' · '), '  ', width).map(style.dim);
  return [
    ...(more.length === 0 && (width >= FULL_WIDTH || stringWidth(title + first) <= width)
      ? [title + first]
      : [title, first, ...more]),
    ...(verdict.level === 'clean' ? [] : [`${paint(style.bold(verdict.title))}. ${verdict.sentence}`]),
    ...(note === null ? [] : [style.dim(`Audit log: ${oneLine(note)}`)]),
  ];
}

/** The notices about the policy, before everything else. */
function noticeLines(document: PlanDocument, { style, width }: TextContext): string[][] {
  const notices = policyNotices(document);
  return Object.entries(NOTICE_HEADINGS).map(([code, heading]) => {
    const own = notices.filter((notice) => notice.code === code);
    if (own.length === 0) return [];
    const title = style.bold(heading);
    return [
      own.some(needsAttention) ? style.yellow(title) : title,
      ...own.flatMap(({ text }) => wrap(text, '  ', width)),
    ];
  });
}

function roleSections(
  views: readonly RoleView[],
  groupBy: Grouping | undefined,
  context: TextContext,
): string[][] {
  const sections = (roles: readonly RoleView[]): string[][] => roles.map((view) => roleLines(view, context));
  if (groupBy === undefined) return sections(views);
  return ownerGroups(views).flatMap(({ owner, roles }) => {
    const who = owner === null ? 'No owner' : `Owner ${nameText(owner)}`;
    return [[context.style.bold(`${who}: ${plural(roles.length, 'role')}`)], ...sections(roles)];
  });
}

function roleLines(view: RoleView, context: TextContext): string[] {
  const { style, vocabulary } = context;
  const { sign, text } = vocabulary.roleStates[view.state];
  const facts = [
    ...(view.state === 'changed' ? [] : [text]),
    ...(view.owner === null ? [] : [`owner ${nameText(view.owner)}`]),
    ...(view.liveName === null ? [] : [`${vocabulary.liveName} ${nameText(view.liveName)}`]),
    ...(view.state === 'new' ? [] : [`id ${view.key}`]),
  ];
  const tail = facts.length > 0 ? `  ${style.dim(facts.join(' · '))}` : '';
  return [
    `${painted(sign, style)} ${style.bold(nameText(view.name))}${tail}`,
    ...riskLines(view, context),
    ...view.attribution.map((who) => `    by ${who}`),
    ...descriptionLines(view, context),
    ...grantLines(view, context),
    ...memberLines(view, context),
    ...memberGroups(view).flatMap((group) => groupLines(group, context)),
  ];
}

function painted(sign: Sign, style: Style): string {
  return { '+': style.green, '-': style.red, '~': style.yellow }[sign](sign);
}

function riskLines({ risks }: RoleView, { style, width }: TextContext): string[] {
  return risks.flatMap(({ level, reason }) => {
    const paint = level === 'medium' ? style.yellow : style.red;
    const label = `${level} risk`;
    const [first = '', ...rest] = factLines(reason === '' ? label : `${label}: ${reason}`, '    ', width);
    return [first.replace(label, paint), ...rest];
  });
}

function grantLines({ grants, startsFrom, notes }: RoleView, { style, width }: TextContext): string[] {
  if (!grants)
    return startsFrom === null ? [] : [`    grants: those of ${nameText(startsFrom)}, which it starts with`];
  const total = grants.added.length + grants.removed.length;
  const kept = grants.kept.length > 0 ? style.dim(`, ${formatNumber(grants.kept.length)} stay`) : '';
  const head = `    grants: ${style.green(`+${grants.added.length}`)} ${style.red(`-${grants.removed.length}`)}${kept}`;
  const lines = [
    ...grants.added.map((grant) => ({ grant, sign: '+' as const })),
    ...grants.removed.map((grant) => ({ grant, sign: '-' as const })),
  ].sort((a, b) => byCodeUnit(a.grant, b.grant));
  return [
    ...(total > 0 || grants.kept.length > 0 ? [head] : []),
    ...lines.map(({ grant, sign }) => `      ${painted(sign, style)} ${nameText(grant)}`),
    ...notes.flatMap((note) => factLines(note, '      ', width).map(style.dim)),
  ];
}

function memberLines(view: RoleView, context: TextContext): string[] {
  const leavers = view.leavers.map(({ role, people }) => {
    const verb = people === 1 ? 'leaves for' : 'leave for';
    return `    members: ${plural(people, 'person', 'people')} ${verb} ${roleLabelText(role, nameText)}`;
  });
  return [...arrivalLines(view, context), ...leavers];
}

function arrivalLines(view: RoleView, context: TextContext): string[] {
  const { arrivals } = view;
  if (arrivals.length === 0) return [];
  const { shown, more } = cut(arrivals, context.limit);
  const pad = columnWidth(shown.map(personLabel));
  const verb = arrivals.length === 1 ? 'moves here' : 'move here';
  return [
    `    members: ${plural(arrivals.length, 'person', 'people')} ${verb}`,
    ...shown.map((move) => `      ${padded(personLabel(move), pad)}${moveText(move, view.name, context)}`),
    ...moreLine(more, context),
  ];
}

/** The roles of a move, with the reason unless the target lists the person without `until`. */
function moveText(move: RoleView['arrivals'][number], to: string, { style }: TextContext): string {
  const why = move.note === '' ? '' : `  ${style.dim(move.note)}`;
  return `${roleLabelText(move.from, nameText)} → ${nameText(to)}${why}`;
}

function groupLines({ title, people }: MemberGroup, context: TextContext): string[] {
  const { shown, more } = cut(people, context.limit);
  const pad = columnWidth(shown.map(whoAndEnd));
  return [
    `    members: ${plural(people.length, 'person', 'people')} ${title}`,
    ...shown.map((one) => `      ${padded(whoAndEnd(one), pad)}${elsewhere(one, nameText)}`),
    ...moreLine(more, context),
  ];
}

function moreLine(more: number, { style }: TextContext): string[] {
  return more > 0 ? [style.dim(`      and ${formatNumber(more)} more`)] : [];
}

/** The width of a column of names; longer ones exceed it. */
function columnWidth(names: readonly string[]): number {
  return Math.min(40, Math.max(0, ...names.map((name) => stringWidth(name))));
}

function padded(name: string, width: number): string {
  return name + ' '.repeat(Math.max(0, width - stringWidth(name)) + 2);
}

function requestLines({ changes }: PlanDocument, { style, vocabulary }: TextContext): string[] {
  if (changes.length === 0) return [];
  const lines = changes.flatMap((change) => [
    `  ${nameText(change.id)}${attributionOf(change)
      .map((who) => style.dim(`  ${who}`))
      .join('')}`,
    ...change.requests.map((request) => {
      const [body, when] = [bodyText(request), conditionText(request)];
      const sent = body === '' ? '' : ` ${body}`;
      const condition = when === '' ? '' : `  ${style.dim(`(${when})`)}`;
      return `    ${style.cyan(request.method)} ${oneLine(request.path)}${sent}${condition}`;
    }),
  ]);
  return [style.bold(`${vocabulary.sections.requests}, in order`), ...lines];
}

function closingLine(document: PlanDocument, { style }: TextContext): string {
  const verdict = verdictOf(document);
  if (verdict.level !== 'clean') return style.bold(summaryLine(document));
  return style.green(`${verdict.title}. ${verdict.sentence}`);
}

function moreFiles(more: number): string[] {
  return more > 0 ? [`${more} more ${more === 1 ? 'file' : 'files'}`] : [];
}
