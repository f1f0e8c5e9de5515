import { elsewhere, memberGroups, roleCounts, whoAndEnd } from '../facts/member-groups.js';
import { roleLabelText } from '../facts/role-labels.js';
import type { RoleView } from '../facts/role-views.js';
import { oneLine } from '../format/one-line.js';
import { clip, cut, personLabel, plural, nameText } from '../format/phrases.js';
import { vocabularyOf, type PlanDocument, type Tone } from '../vocabulary.js';
import type { Block, BlockTable, Line, PeopleGroup } from './blocks.js';

/** The most grants on one side of a role's diff. */
const MOST_GRANTS = 400;

/** The most names of people per role. */
const MOST_NAMES = 20;

/** The most characters of a text; the instance's own document has the rest. */
const LONGEST_TEXT = 2000;

/** The context for making blocks. */
export interface BlockContext {
  table: BlockTable;
  /** How many more names of people may be shown. */
  names: { left: number };
}

/** One line of a list, before its texts are put into the table. */
export type PlainLine = readonly [pill: string | null, tone: Tone, text: string];

/** The most lines of a list. */
const MOST_LINES = 100;

/** A list under a title; nothing without lines. */
export function linesBlock(
  title: string,
  lines: readonly PlainLine[],
  { table }: Pick<BlockContext, 'table'>,
): Block[] {
  if (lines.length === 0) return [];
  const { shown, more } = cut(lines, MOST_LINES);
  const encoded = shown.map(([pill, tone, text]): Line => [
    pill === null ? null : [table.text(oneLine(pill)), tone],
    table.text(clip(oneLine(text), LONGEST_TEXT)),
  ]);
  return [['lines', table.text(title), encoded, more]];
}

/** The part of a document about one role. */
export function roleBlock(view: RoleView, document: PlanDocument, making: BlockContext): Block {
  const { table } = making;
  const { roleStates, liveName } = vocabularyOf(document);
  const state = roleStates[view.state];
  const pills = [...roleCounts(view), ...riskPills(view), state];
  const notes: PlainLine[] = [
    ...(view.owner === null ? [] : [['owner', '', view.owner] as const]),
    ...view.risks
      .filter(({ reason }) => reason !== '')
      .map(({ level, reason }): PlainLine => [level, 'warn', reason]),
    ...view.attribution.map((who): PlainLine => ['by', '', who]),
    ...(view.description === null
      ? []
      : [
          [
            'description',
            '',
            `${nameText(view.description.before)} → ${nameText(view.description.after)}`,
          ] as const,
        ]),
  ];
  const text = (value: string): number => table.text(clip(oneLine(value), LONGEST_TEXT));
  const grants = (list: readonly string[] = []): number[] => list.slice(0, MOST_GRANTS).map(text);
  return [
    'role',
    text(view.name),
    view.liveName === null ? null : text(`${liveName} ${view.liveName}`),
    pills.map((pill) => [text(pill.text), pill.tone]),
    notes.map(([pill, tone, line]) => [pill === null ? null : [text(pill), tone], text(line)]),
    grants(view.grants?.removed),
    grants(view.grants?.added),
    peopleGroups(view, making),
  ];
}

function riskPills({ risk }: RoleView): { text: string; tone: Tone }[] {
  if (risk.level === 'low') return [];
  return [{ text: `${risk.level} risk`, tone: risk.level === 'medium' ? 'warn' : 'bad' }];
}

/** People who move in or differ from the manifest: names up to the limit, then a count. */
function peopleGroups(view: RoleView, { table, names }: BlockContext): PeopleGroup[] {
  const { arrivals } = view;
  const groups = [
    ...(arrivals.length === 0
      ? []
      : [
          {
            title: `${plural(arrivals.length, 'person moves', 'people move')} here`,
            people: arrivals.map((move) => ({
              who: personLabel(move),
              what: `from ${roleLabelText(move.from, nameText)}`,
            })),
          },
        ]),
    ...memberGroups(view).map(({ title, people }) => ({
      title: `${plural(people.length, 'person', 'people')} ${title}`,
      people: people.map((one) => ({
        who: whoAndEnd(one),
        what: elsewhere(one, nameText),
      })),
    })),
  ];
  return groups.map(({ title, people }): PeopleGroup => {
    const { shown, more } = cut(people, Math.min(MOST_NAMES, names.left));
    names.left -= shown.length;
    const text = (value: string): number => table.text(oneLine(value));
    return [text(title), shown.map(({ who, what }) => [text(who), text(what)] as const), more];
  });
}
