import type { PlanPerson, PlanWarning, Refusal } from '../../plan/plan.js';
import { acceptedItems, acceptedText } from '../facts/accepted.js';
import { impactGroups, type ImpactGroup } from '../facts/impact-groups.js';
import { unifiedDiff } from '../facts/line-diff.js';
import {
  heldGrants,
  NOTE_HEADINGS,
  placeText,
  problemsOf,
  unmanagedCounts,
  violationNotes,
  warningGroups,
  type WarningGroup,
} from '../facts/notes.js';
import { allowedOf, factText, refusalFacts, refusalsOf } from '../facts/refusal-facts.js';
import { riskText } from '../facts/risks.js';
import type { RoleView } from '../facts/role-views.js';
import { settingValueText, settingViews } from '../facts/settings.js';
import { oneLine } from '../format/one-line.js';
import { andMore, cut, formatNumber, itemText, personLabel, plural, nameText } from '../format/phrases.js';
import type { PlanDocument, Vocabulary } from '../vocabulary.js';
import type { TextContext } from './style.js';

/** A sentence over several lines, each with the same margin; words longer than a line stay whole. */
export function wrap(text: string, margin: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of oneLine(text).split(' ')) {
    if (line !== '' && margin.length + line.length + 1 + word.length > width) {
      lines.push(margin + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, margin + line];
}

/** The width from which a list of facts stays one line, whatever its length, so that scripts find all of it. */
export const FULL_WIDTH = 100;

/** A list of facts: one line, or several on a narrow terminal. */
export function factLines(text: string, margin: string, width: number): string[] {
  return width < FULL_WIDTH ? wrap(text, margin, width) : [margin + oneLine(text)];
}

/** Every refusal with figure, limit, key and flag, then those that a flag has allowed. */
export function refusalLines(document: PlanDocument, context: TextContext): string[][] {
  const { style } = context;
  const refused = refusalsOf(document).map((refusal) => oneRefusal(refusal, style.red('! refused'), context));
  const allowed = allowedOf(document).map((refusal) => [
    ...oneRefusal(refusal, style.yellow('! allowed'), context),
    ...(refusal.reason === null ? [] : wrap(`reason: ${refusal.reason}`, '    ', context.width)),
  ]);
  return [...refused, ...allowed];
}

function oneRefusal(refusal: Refusal, label: string, { style, limit, width }: TextContext): string[] {
  const margin = '    ';
  const facts = refusalFacts(refusal).map(factText);
  const { shown, more } = cut(refusal.items, limit);
  return [
    `${label} ${style.bold(refusal.code)}`,
    ...wrap(refusal.message, margin, width),
    ...(facts.length > 0 ? factLines(facts.join(' · '), margin, width).map(style.dim) : []),
    ...shown.map((item) => `${margin}- ${itemText(item)}`),
    ...(more > 0 ? [`${margin}and ${formatNumber(more)} more`] : []),
    ...(refusal.hint === null ? [] : wrap(`hint: ${refusal.hint}`, margin, width)),
  ];
}

/** Objects that the instance does not have, and broken rules, each under its heading. */
export function problemLines(document: PlanDocument, { style, width }: TextContext): string[][] {
  const groups: [string, readonly PlanWarning[]][] = [
    [NOTE_HEADINGS.problems, problemsOf(document)],
    [NOTE_HEADINGS.violations, violationNotes(document)],
  ];
  return groups.map(([heading, list]) =>
    list.length === 0
      ? []
      : [style.bold(heading), ...list.flatMap((one) => warningLines(one, style.red(one.code), width))],
  );
}

/** A changed description as a unified diff. */
export function descriptionLines(view: RoleView, { style }: TextContext): string[] {
  if (!view.description) return [];
  const { before, after } = view.description;
  const lines = unifiedDiff(before, after).map(({ sign, text }) => {
    const paint = sign === '+' ? style.green : sign === '-' ? style.red : style.dim;
    return `      ${paint(`${sign} ${oneLine(text)}`)}`;
  });
  return ['    description:', ...lines];
}

/** Default role and allowlist, before and after; in drift, in the manifest and live. */
export function settingLines(document: PlanDocument, { style, width }: TextContext): string[][] {
  return settingViews(document).map(({ label, from, to, risk, attribution }) => {
    const riskLine = riskText(risk);
    return [
      `${style.yellow('~')} ${style.bold(label.toLowerCase())}`,
      `    ${style.red('-')} ${settingValueText(from)}`,
      `    ${style.green('+')} ${settingValueText(to)}`,
      ...(riskLine === null ? [] : factLines(riskLine, '    ', width).map(style.yellow)),
      ...attribution.map((who) => `    by ${who}`),
    ];
  });
}

/** Gains and losses; protected grants first. */
export function impactLines({ impact }: PlanDocument, context: TextContext): string[] {
  const groups = impactGroups(impact);
  if (groups.length === 0) return [];
  const isProtected = ({ any }: ImpactGroup): boolean => any.protected;
  const sorted = [...groups.filter(isProtected), ...groups.filter((group) => !isProtected(group))];
  const heading = context.style.bold(context.vocabulary.sections.impact);
  return [heading, ...sorted.flatMap((group) => oneImpact(group, context))];
}

function oneImpact({ grants, titled, any }: ImpactGroup, context: TextContext): string[] {
  const { style, vocabulary, width } = context;
  const mark = any.protected ? `  ${style.red('protected')}` : '';
  const heads = titled
    ? grants.map(({ grant, title }) => {
        const label = title === null ? '' : style.dim(`  ${oneLine(title)}`);
        return `  ${nameText(grant)}${mark}${label}`;
      })
    : [
        `  ${plural(grants.length, 'grant')}${mark}`,
        ...wrap(grants.map(({ grant }) => nameText(grant)).join(', '), '    ', width),
      ];
  const { gains, loses } = vocabulary.impact;
  return [
    ...heads,
    ...peopleLine(gains, { people: any.gains, count: any.gainCount }, context),
    ...peopleLine(loses, { people: any.loses, count: any.loseCount }, context),
  ];
}

function peopleLine(
  side: Vocabulary['impact']['gains'],
  { people, count }: { people: readonly PlanPerson[]; count: number },
  { limit, style }: TextContext,
): string[] {
  if (count === 0) return [];
  const sign = side.sign === '+' ? style.green('+') : style.red('-');
  const { shown } = cut(people, limit);
  if (shown.length === 0) return [`    ${sign} ${plural(count, 'person', 'people')}`];
  const more = count - shown.length;
  return [`    ${sign} ${shown.map(personLabel).join(', ')}${andMore(more)}`];
}

/** Warnings, missing people, accepted drift, unmanaged roles, held grants. */
export function noteLines(document: PlanDocument, { style, limit, width }: TextContext): string[][] {
  const listed = (items: readonly string[]): string[] => {
    const { shown, more } = cut(items, limit);
    return [...shown.map((item) => `  ${item}`), ...(more > 0 ? [`  and ${formatNumber(more)} more`] : [])];
  };
  const groups: [string, string[]][] = [
    [
      NOTE_HEADINGS.warnings,
      warningGroups(document.warnings, limit).flatMap((group) =>
        groupLines(group, style.yellow(group.code), width),
      ),
    ],
    [NOTE_HEADINGS.missingPeople, listed(document.missingPeople.map(nameText))],
    [
      NOTE_HEADINGS.accepted,
      document.accepted.flatMap((entry) => [
        ...wrap(acceptedText(entry), '  ', width),
        ...acceptedItems(entry).flatMap((item) => wrap(item, '    ', width)),
      ]),
    ],
    [
      NOTE_HEADINGS.unmanaged,
      listed(
        document.unmanaged.roles.map(
          (role) => `${nameText(role.name)}  ${style.dim(`id ${role.id}, ${unmanagedCounts(role)}`)}`,
        ),
      ),
    ],
    [
      NOTE_HEADINGS.held,
      heldGrants(document).map(
        ({ role, grant, neededBy }) =>
          `  ${nameText(role)}: ${nameText(grant)} for ${neededBy.map(nameText).join(', ')}`,
      ),
    ],
  ];
  return groups.map(([heading, lines]) => (lines.length > 0 ? [style.bold(heading), ...lines] : []));
}

/** The warnings of one code below it. */
function groupLines({ shown, more }: WarningGroup<PlanWarning>, code: string, width: number): string[] {
  return [
    `  ${code}`,
    ...shown.flatMap((warning) => warningBody(warning, width)),
    ...(more > 0 ? [`    and ${formatNumber(more)} more`] : []),
  ];
}

function warningLines(warning: PlanWarning, code: string, width: number): string[] {
  return [`  ${code}`, ...warningBody(warning, width)];
}

function warningBody(warning: PlanWarning, width: number): string[] {
  const place = placeText(warning);
  return [
    ...wrap(`${warning.message}${place === '' ? '' : ` (${place})`}`, '    ', width),
    ...(warning.hint === null ? [] : wrap(`hint: ${warning.hint}`, '    ', width)),
  ];
}
