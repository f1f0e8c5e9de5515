import type {
  AccessSource,
  NamedAllowlist,
  CanAnswer,
  DiffAnswer,
  RoleDifference,
  WhoCanAnswer,
} from '../../access/index.js';
import { oneLine } from '../format/one-line.js';
import { styleOf, type Style } from './style.js';
import { cut, formatNumber, nameText, personLabel, plural, timeText } from '../format/phrases.js';

/** Options of an answer as text. */
export interface AnswerTextOptions {
  colour: boolean;
  /** The most names per list. Default: all. */
  limit?: number;
}

/** An answer for a reader at a terminal. Ends with a line end. */
export function answerText(
  answer: WhoCanAnswer | CanAnswer | DiffAnswer,
  options: AnswerTextOptions,
): string {
  const style = styleOf(options.colour);
  switch (answer.question) {
    case 'who-can':
      return whoCanText(answer, options.limit ?? Infinity, style);
    case 'can':
      return canText(answer, style);
    case 'diff':
      return diffText(answer, options.limit ?? Infinity, style);
  }
}

/** Where an answer comes from. A snapshot is named by its time: one answer may be about last March. */
function whereText({ source, takenAt }: { source: AccessSource; takenAt?: string }): string {
  if (source === 'live') return 'live';
  if (source === 'manifest') return 'in the end state of the manifest';
  return takenAt === undefined ? 'in the snapshot' : `in the snapshot of ${timeText(takenAt)}`;
}

function whoCanText(answer: WhoCanAnswer, limit: number, style: Style): string {
  const { grant, title, roles, people, instance } = answer;
  const count = people.length === 0 ? 'no one' : plural(people.length, 'person', 'people');
  const what = title === null || title === grant ? oneLine(grant) : `${oneLine(grant)} (${oneLine(title)})`;
  const blocks = roles.map(({ role, people: members }) => {
    const inRole = people.filter((person) => person.role === role);
    const { shown, more } = cut(inRole, limit);
    return [
      `${style.bold(nameText(role))}  ${style.dim(members === 0 ? 'no members' : plural(members, 'person', 'people'))}`,
      ...shown.map((person) => `  ${personLabel(person)}${person.pending ? style.dim(' (pending)') : ''}`),
      ...(more > 0 ? [style.dim(`  and ${formatNumber(more)} more`)] : []),
    ].join('\n');
  });
  const head = `${style.bold(what)}: ${count}, ${whereText(answer)} on ${nameText(instance)}`;
  const none = roles.length === 0 ? [style.dim('No role holds it.')] : blocks;
  return `${[head, ...none].join('\n\n')}\n`;
}

function canText(answer: CanAnswer, style: Style): string {
  const { person, grant, role, heldBy } = answer;
  const who = personLabel(person);
  if (answer.answer) {
    return `${style.green('yes')}: ${who} has ${oneLine(grant)} by the role ${nameText(role)}, ${whereText(answer)}\n`;
  }
  const others = heldBy.length > 0 ? `held by ${heldBy.map(nameText).join(', ')}` : 'held by no role';
  return `${style.red('no')}: ${who} is in ${nameText(role)}, which lacks ${oneLine(grant)}, ${whereText(answer)}; it is ${others}\n`;
}

function diffText(answer: DiffAnswer, limit: number, style: Style): string {
  const { a, b, roles, people, defaultRole, allowlist } = answer;
  const side = ({ source, takenAt, instance }: DiffAnswer['a']): string =>
    `${nameText(instance)} (${takenAt === undefined ? source : `${source} of ${timeText(takenAt)}`})`;
  const head = style.bold(`From ${side(a)} to ${side(b)}`);
  const unknown = answer.notCompared === undefined ? [] : [style.yellow(ALLOWLIST_UNKNOWN)];
  if (answer.equal) return `${[head, 'Nothing differs.', ...unknown].join('\n\n')}\n`;
  const minus = (text: string): string => style.red(`- ${text}`);
  const plus = (text: string): string => style.green(`+ ${text}`);
  const renamed = roles.renamed ?? [];
  const isRenamed = (name: string, from: 'a' | 'b'): boolean => renamed.some((one) => one[from] === name);
  // Members of a renamed role are still in it.
  const moved = people.filter((one) => !renamed.some((role) => role.a === one.a && role.b === one.b));
  const { shown, more } = cut(moved, limit);
  const blocks = [
    [
      ...roles.onlyA.filter((name) => !isRenamed(name, 'a')).map((role) => minus(`role ${nameText(role)}`)),
      ...roles.onlyB.filter((name) => !isRenamed(name, 'b')).map((role) => plus(`role ${nameText(role)}`)),
    ],
    ...renamed.map((role) => [
      `${style.bold(`role ${nameText(role.a)} is renamed to ${nameText(role.b)}`)}  ${style.dim(`id ${role.id}`)}`,
      ...changeLines(role, style),
    ]),
    ...roles.changed.map((role) => [style.bold(`role ${nameText(role.role)}`), ...changeLines(role, style)]),
    [
      ...(moved.length > 0 ? [style.bold(plural(moved.length, 'person', 'people'))] : []),
      ...shown.map((one) => `  ${nameText(one.person)}: ${place(one.a)} → ${place(one.b)}`),
      ...(more > 0 ? [style.dim(`  and ${formatNumber(more)} more`)] : []),
    ],
    defaultRole === null ? [] : [`default role: ${nameText(defaultRole.a)} → ${nameText(defaultRole.b)}`],
    allowlist === null ? [] : [`allowlist: ${listed(allowlist.a)} → ${listed(allowlist.b)}`],
  ];
  const sections = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${[head, ...sections, ...unknown].join('\n\n')}\n`;
}

const ALLOWLIST_UNKNOWN = 'The roles allowlist was not compared: it cannot be read on one of the two sides.';

function changeLines({ description, grants }: Omit<RoleDifference, 'role'>, { red, green }: Style): string[] {
  const texts =
    description === null
      ? []
      : [red(`- description ${quoted(description.a)}`), green(`+ description ${quoted(description.b)}`)];
  return [
    ...texts,
    ...grants.onlyA.map((grant) => red(`- ${oneLine(grant)}`)),
    ...grants.onlyB.map((grant) => green(`+ ${oneLine(grant)}`)),
  ].map((line) => `  ${line}`);
}

function quoted(text: string): string {
  return text === '' ? 'none' : oneLine(JSON.stringify(text));
}

function place(role: string | null): string {
  return role === null ? 'not there' : nameText(role);
}

function listed(list: NamedAllowlist): string {
  return typeof list === 'string' ? list : list.map(nameText).join(', ');
}
