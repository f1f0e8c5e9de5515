import { unifiedDiff } from '../facts/line-diff.js';
import { elsewhere, memberGroups, roleCounts, type MemberGroup } from '../facts/member-groups.js';
import { roleLabelText } from '../facts/role-labels.js';
import { riskRank } from '../facts/risks.js';
import type { RoleView } from '../facts/role-views.js';
import { oneLine } from '../format/one-line.js';
import { clip, cut, formatNumber, personLabel, plural, signed } from '../format/phrases.js';
import type { Vocabulary } from '../vocabulary.js';
import { codeSpan, escapeProse, fenced, htmlCode } from './escape.js';
import type { MarkdownUnit } from './fit.js';

/** One role: a line with its counts, and its details folded below. */
export function roleUnit(view: RoleView, limit: number, vocabulary: Vocabulary): MarkdownUnit {
  const { sign, text } = vocabulary.roleStates[view.state];
  const facts = (code: (text: string) => string): string =>
    [
      text,
      ...(view.owner === null ? [] : [`owner ${code(view.owner)}`]),
      ...roleCounts(view).map((count) => count.text),
      ...(view.risk.level === 'low' ? [] : [`<b>${view.risk.level} risk</b>`]),
    ].join(' · ');
  const name = (code: (text: string) => string): string =>
    view.liveName === null
      ? code(view.name)
      : `${code(view.name)} (${vocabulary.liveName} ${code(view.liveName)})`;
  const heading = `<b>${signed(sign)}</b> ${name(htmlCode)} · ${facts(htmlCode)}`;
  return {
    group: vocabulary.sections.roles,
    importance: 40 + 10 * riskRank(view.risk),
    full: `<details><summary>${heading}</summary>\n\n${roleDetail(view, limit)}\n\n</details>`,
    short: `- **${signed(sign)}** ${name(codeSpan)} · ${facts(codeSpan)}`,
    noun: ['role', 'roles'],
    count: 1,
  };
}

function roleDetail(view: RoleView, limit: number): string {
  const bullets = [
    ...view.risks.map(
      ({ level, reason }) => `- **${level} risk**${reason === '' ? '' : `: ${escapeProse(reason)}`}`,
    ),
    ...view.attribution.map((who) => `- by ${codeSpan(who)}`),
    ...(view.startsFrom === null ? [] : [`- starts with the grants of ${codeSpan(view.startsFrom)}`]),
    ...view.notes.map((note) => `- note: ${escapeProse(note)}`),
    ...arrivalBullets(view, limit),
    ...leaverBullets(view, limit),
    ...memberGroups(view).flatMap((group) => groupBullets(group, limit)),
  ];
  const diff = diffLines(view);
  const blocks = [bullets.join('\n'), diff.length > 0 ? fenced('diff', diff) : ''].filter(
    (block) => block !== '',
  );
  return blocks.length > 0 ? blocks.join('\n\n') : 'No more details.';
}

/** The most lines of a description: a manifest may contain very long ones. */
const DESCRIPTION_LINES = 40;

function diffLines({ description, grants }: RoleView): string[] {
  const text = description ? unifiedDiff(description.before, description.after) : [];
  const { shown, more } = cut(text, DESCRIPTION_LINES);
  const lines = shown.map((line) => `${line.sign} ${clip(oneLine(line.text), 200)}`);
  return [
    ...(lines.length > 0 ? ['@@ description @@', ...lines] : []),
    ...(more > 0 ? [`… ${formatNumber(more)} more lines`] : []),
    ...(grants && grants.added.length + grants.removed.length > 0
      ? [`@@ grants, ${formatNumber(grants.kept.length)} stay @@`]
      : []),
    ...(grants?.removed ?? []).map((grant) => `- ${clip(oneLine(grant), 160)}`),
    ...(grants?.added ?? []).map((grant) => `+ ${clip(oneLine(grant), 160)}`),
  ];
}

function arrivalBullets(view: RoleView, limit: number): string[] {
  const { shown, more } = cut(view.arrivals, limit);
  const moves = shown.map((move) => {
    const why = move.note === '' ? '' : ` ${escapeProse(move.note)}`;
    return `- ${codeSpan(personLabel(move))}: ${roleLabelText(move.from, codeSpan)} → ${codeSpan(view.name)}${why}`;
  });
  return [...moves, ...(more > 0 ? [`- and ${formatNumber(more)} more`] : [])];
}

function leaverBullets({ leavers }: RoleView, limit: number): string[] {
  const { shown, more } = cut(leavers, Math.max(limit, 20));
  const bullets = shown.map(
    ({ role, people }) => `- ${plural(people, 'person', 'people')} out to ${roleLabelText(role, codeSpan)}`,
  );
  return more > 0 ? [...bullets, `- and out to ${plural(more, 'more role')}`] : bullets;
}

function groupBullets({ title, people }: MemberGroup, limit: number): string[] {
  const { shown, more } = cut(people, limit);
  return [
    `- ${plural(people.length, 'person', 'people')} ${title}`,
    ...shown.map(
      (one) =>
        `  - ${codeSpan(one.who)}${one.ended === null ? '' : ` (${escapeProse(one.ended)})`} ${elsewhere(one, codeSpan)}`,
    ),
    ...(more > 0 ? [`  - and ${formatNumber(more)} more`] : []),
  ];
}
