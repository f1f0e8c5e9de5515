import stringWidth from 'string-width';
import { byCodeUnit } from '../../model/sort.js';
import type { Move } from '../../plan/change.js';
import type { TextContext } from './style.js';
import {
  descriptionLines,
  impactLines,
  noteLines,
  problemLines,
  refusalLines,
  settingLines,
  wrap,
} from './plan-parts.js';
import { memberGroups, type MemberGroup } from '../facts/member-groups.js';
import { attributed, roleViews, type RoleView } from '../facts/role-views.js';
import { NOTICE_HEADINGS, policyNotices } from '../facts/policy-notices.js';
import { oneLine } from '../format/one-line.js';
import { styleOf, type Style } from './style.js';
import { conditionText } from '../facts/conditions.js';
import { cut, figure, quotedName, personLabel, plural, timeText } from '../format/phrases.js';
import { summaryLine, verdictOf } from '../facts/verdict.js';
import type { PlanDocument } from '../vocabulary.js';

/** How a plan is told as text. */
export interface PlanTextOptions {
  colour: boolean;
  /** Names shown of each list of people; the rest is counted. 20 unless told. */
  limit?: number;
  /** Shows the very requests. */
  verbose?: boolean;
  /** Columns to wrap sentences at; 100 unless told. */
  width?: number;
}

/** A plan or drift document for a reviewer at a terminal. Ends with a line end. */
export function planText(document: PlanDocument, options: PlanTextOptions = { colour: false }): string {
  const context: TextContext = {
    style: styleOf(options.colour),
    limit: options.limit ?? 20,
    width: Math.max(40, options.width ?? 100),
    drift: document.kind === 'drift',
  };
  const sections: string[][] = [
    headerLines(document, context),
    ...noticeLines(document, context),
    ...(document.kind === 'plan' ? refusalLines(document, context) : []),
    problemLines(document, context),
    ...roleViews(document).map((view) => roleLines(view, context)),
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

function headerLines(document: PlanDocument, { style }: TextContext): string[] {
  const title = document.kind === 'drift' ? 'Drift' : 'Plan';
  const facts = [
    timeText(document.madeAt),
    ...(document.me ? [`as ${personLabel(document.me)}`] : []),
    ...(document.offline ? ['against a snapshot file'] : []),
    ...(document.sandbox ? ['on the sandbox: applies to nothing else'] : []),
    ...document.manifest.files.slice(0, 3).map((file) => quotedName(file.path)),
    ...(document.manifest.files.length > 3 ? [`${document.manifest.files.length - 3} more files`] : []),
  ];
  const verdict = verdictOf(document);
  const dress = { refused: style.red, changes: style.yellow, clean: style.green }[verdict.level];
  const lines = [
    `${style.bold(`${title} for ${quotedName(document.instance)}`)}  ${style.dim(facts.join(' · '))}`,
  ];
  if (verdict.level !== 'clean') lines.push(`${dress(style.bold(verdict.title))}. ${verdict.sentence}`);
  return document.kind === 'drift' && document.summary.differences > 0 && document.attribution.note !== null
    ? [...lines, style.dim(`Audit log: ${oneLine(document.attribution.note)}`)]
    : lines;
}

/** What the policy lets through, before everything else. */
function noticeLines(document: PlanDocument, { style, width }: TextContext): string[][] {
  const notices = policyNotices(document);
  return (['weakened-guard', 'accepted-drift'] as const).map((code) => {
    const own = notices.filter((notice) => notice.code === code);
    if (own.length === 0) return [];
    return [
      style.yellow(style.bold(NOTICE_HEADINGS[code])),
      ...own.flatMap(({ text }) => wrap(text, '  ', width)),
    ];
  });
}

const HEADINGS: Readonly<Record<'plan' | 'drift', Readonly<Record<RoleView['state'], string>>>> = {
  plan: { new: 'new role', changed: '', deleted: 'will be deleted' },
  drift: { new: 'is not on the instance', changed: '', deleted: 'is on the instance and should not be' },
};

function roleLines(view: RoleView, context: TextContext): string[] {
  const { style, drift } = context;
  const sign = { new: drift ? '-' : '+', changed: '~', deleted: drift ? '+' : '-' }[view.state];
  const facts = [
    HEADINGS[drift ? 'drift' : 'plan'][view.state],
    view.liveName === null ? '' : `${drift ? 'is called' : 'renamed from'} ${quotedName(view.liveName)}`,
    view.state === 'new' ? '' : `id ${view.key}`,
  ].filter((fact) => fact !== '');
  const tail = facts.length > 0 ? `  ${style.dim(facts.join(' · '))}` : '';
  return [
    `${signed(sign, style)} ${style.bold(quotedName(view.name))}${tail}`,
    ...riskLines(view, context),
    ...view.attribution.map((who) => `    by ${who}`),
    ...descriptionLines(view, context),
    ...grantLines(view, context),
    ...memberLines(view, context),
  ];
}

function signed(sign: string, style: Style): string {
  return sign === '+' ? style.green(sign) : sign === '-' ? style.red(sign) : style.yellow(sign);
}

function riskLines({ risks }: RoleView, { style, drift }: TextContext): string[] {
  if (drift) return [];
  return risks.map(({ level, reason }) => {
    const label = (level === 'medium' ? style.yellow : style.red)(`${level} risk`);
    return reason === '' ? `    ${label}` : `    ${label}: ${oneLine(reason)}`;
  });
}

function grantLines(view: RoleView, { style, drift }: TextContext): string[] {
  const { grants, startsFrom } = view;
  if (!grants) {
    return startsFrom === null || drift
      ? []
      : [`    grants: those of ${quotedName(startsFrom)}, which it starts with`];
  }
  const total = grants.added.length + grants.removed.length;
  const kept = grants.kept.length > 0 ? style.dim(`, ${figure(grants.kept.length)} stay`) : '';
  const head = `    grants: ${style.green(`+${grants.added.length}`)} ${style.red(`-${grants.removed.length}`)}${kept}`;
  const lines = [
    ...grants.added.map((grant) => ({ grant, sign: '+' })),
    ...grants.removed.map((grant) => ({ grant, sign: '-' })),
  ].sort((a, b) => byCodeUnit(a.grant, b.grant));
  return [
    ...(total > 0 || grants.kept.length > 0 ? [head] : []),
    ...lines.map(({ grant, sign }) => `      ${signed(sign, style)} ${quotedName(grant)}`),
    ...view.notes.map((note) => `      ${style.dim(oneLine(note))}`),
  ];
}

const REASONS: Readonly<Record<Move['why'], string>> = {
  listed: '',
  'taken-out': 'taken out of an exact list',
  'role-deleted': 'their role is deleted',
};

function memberLines(view: RoleView, context: TextContext): string[] {
  const { style, limit, drift } = context;
  if (drift) return memberGroups(view).flatMap((group) => groupLines(group, context));
  const lines: string[] = [];
  if (view.arrivals.length > 0) {
    const { shown, more } = cut(view.arrivals, limit);
    const pad = padOf(shown.map(personLabel));
    const verb = view.arrivals.length === 1 ? 'moves here' : 'move here';
    lines.push(`    members: ${plural(view.arrivals.length, 'person', 'people')} ${verb}`);
    for (const move of shown) lines.push(`      ${moveLine(move, { view, pad, style })}`);
    if (more > 0) lines.push(style.dim(`      and ${figure(more)} more`));
  }
  for (const { role, people } of view.leavers) {
    const verb = people === 1 ? 'leaves for' : 'leave for';
    lines.push(`    members: ${plural(people, 'person', 'people')} ${verb} ${quotedName(role)}`);
  }
  return lines;
}

function groupLines({ title, people }: MemberGroup, { style, limit }: TextContext): string[] {
  const { shown, more } = cut(people, limit);
  const pad = padOf(shown.map(({ who }) => who));
  return [
    `    members: ${plural(people.length, 'person', 'people')} ${title}`,
    ...shown.map(
      ({ who, verb, role }) =>
        `      ${padded(who, pad)}${verb}${role === null ? '' : ` ${quotedName(role)}`}`,
    ),
    ...(more > 0 ? [style.dim(`      and ${figure(more)} more`)] : []),
  ];
}

/** The width of a column of names; long ones stand out. */
function padOf(names: readonly string[]): number {
  return Math.min(40, Math.max(0, ...names.map((name) => stringWidth(name))));
}

function padded(name: string, pad: number): string {
  return name + ' '.repeat(Math.max(0, pad - stringWidth(name)) + 2);
}

interface MoveShape {
  view: RoleView;
  pad: number;
  style: Style;
}

function moveLine(move: Move, { view, pad, style }: MoveShape): string {
  const why = REASONS[move.why] === '' ? '' : `  ${style.dim(`(${REASONS[move.why]})`)}`;
  return `${padded(personLabel(move), pad)}${quotedName(move.from)} → ${quotedName(view.name)}${why}`;
}

function requestLines(document: PlanDocument, { style }: TextContext): string[] {
  if (document.changes.length === 0) return [];
  const lines = document.changes.flatMap((change) => [
    `  ${quotedName(change.id)}${attributed(change).length > 0 ? style.dim(`  ${attributed(change).join('')}`) : ''}`,
    ...change.requests.map((request) => {
      const body =
        request.body === null || request.body === undefined
          ? ''
          : ` ${oneLine(JSON.stringify(request.body))}`;
      const when = conditionText(request);
      const condition = when === '' ? '' : `  ${style.dim(`(${when})`)}`;
      return `    ${style.cyan(request.method)} ${oneLine(request.path)}${body}${condition}`;
    }),
  ]);
  return [
    style.bold(document.kind === 'drift' ? 'Requests of the way back, in order' : 'Requests, in order'),
    ...lines,
  ];
}

function closingLine(document: PlanDocument, { style }: TextContext): string {
  const verdict = verdictOf(document);
  if (verdict.level !== 'clean') return style.bold(summaryLine(document));
  return style.green(`${verdict.title}. ${verdict.sentence}`);
}
