import type { Plan, PlanPerson, Refusal } from '../../plan/plan.js';
import { impactGroups } from '../facts/impact-groups.js';
import type { ImpactGroup } from '../facts/impact-groups.js';
import { acceptedItems, acceptedWords } from '../facts/accepted.js';
import type { TextContext } from './style.js';
import { attributed, riskWords, type RoleView } from '../facts/role-views.js';
import { oneLine } from '../format/one-line.js';
import { unifiedDiff } from '../facts/line-diff.js';
import { cut, figure, quotedName, personLabel, plural } from '../format/phrases.js';
import { refusalFacts } from '../facts/refusal-facts.js';
import type { PlanDocument } from '../vocabulary.js';

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

/** Every refusal with figure, limit, key and flag, then the ones that a flag has allowed. */
export function refusalLines(plan: Plan, context: TextContext): string[][] {
  const { style } = context;
  const refused = plan.refusals.map((refusal) => oneRefusal(refusal, style.red('! refused'), context));
  const allowed = plan.allowed.map((refusal) => [
    ...oneRefusal(refusal, style.yellow('! allowed'), context),
    ...(refusal.reason === null ? [] : wrap(`reason: ${refusal.reason}`, '    ', context.width)),
  ]);
  return [...refused, ...allowed];
}

function oneRefusal(refusal: Refusal, label: string, { style, limit, width }: TextContext): string[] {
  const margin = '    ';
  const [first = '', ...others] = wrap(refusal.message, margin, width);
  const facts = refusalFacts(refusal).map((fact) =>
    fact.value === '' ? fact.label : `${fact.label} ${fact.value}`,
  );
  const { shown, more } = cut(refusal.items, limit);
  return [
    `${label} ${style.bold(refusal.code)}`,
    first,
    ...others,
    ...(facts.length > 0 ? [`${margin}${style.dim(facts.join(' · '))}`] : []),
    ...shown.map((item) => `${margin}- ${quotedName(item)}`),
    ...(more > 0 ? [`${margin}and ${figure(more)} more`] : []),
    ...(refusal.hint === null ? [] : wrap(`hint: ${refusal.hint}`, margin, width)),
  ];
}

/** What the manifest names and the instance does not have. */
export function problemLines(document: PlanDocument, { style, width }: TextContext): string[] {
  if (document.kind === 'plan' || document.problems.length === 0) return [];
  return [
    style.bold('Not on the instance, and not compared'),
    ...document.problems.flatMap((one) => warningLines(one, style.red(one.code), width)),
  ];
}

/** A changed description as a unified diff. */
export function descriptionLines(view: RoleView, { style }: TextContext): string[] {
  if (!view.description) return [];
  const { before, after } = view.description;
  const lines = unifiedDiff(before, after).map(({ sign, text }) => {
    const dress = sign === '+' ? style.green : sign === '-' ? style.red : style.dim;
    return `      ${dress(`${sign} ${oneLine(text)}`)}`;
  });
  return ['    description:', ...lines];
}

/** Default role and allowlist, before and after; live against manifest for drift. */
export function settingLines(document: PlanDocument, { style, drift }: TextContext): string[][] {
  return document.changes.flatMap((change) => {
    if (change.kind !== 'defaultRole.set' && change.kind !== 'allowlist.set') return [];
    const label = change.kind === 'defaultRole.set' ? 'default role' : 'roles allowlist';
    const [from, to] = drift ? [change.after, change.before] : [change.before, change.after];
    const risk = drift ? null : riskWords(change.risk);
    const lines = [
      `${style.yellow('~')} ${style.bold(label)}`,
      `    ${style.red('-')} ${settingWords(from)}`,
      `    ${style.green('+')} ${settingWords(to)}`,
      ...(risk === null ? [] : [`    ${style.yellow(risk)}`]),
      ...attributed(change).map((who) => `    by ${who}`),
    ];
    return [lines];
  });
}

function settingWords(value: string | readonly string[]): string {
  return typeof value === 'string' ? quotedName(value) : value.map(quotedName).join(', ');
}

/** Who gains and who loses what; protected grants first. */
export function impactLines({ impact }: PlanDocument, context: TextContext): string[] {
  const groups = impactGroups(impact);
  if (groups.length === 0) return [];
  const isProtected = ({ any }: ImpactGroup): boolean => any.protected;
  const sorted = [...groups.filter(isProtected), ...groups.filter((group) => !isProtected(group))];
  const heading = context.drift ? 'Who holds more or less than the manifest says' : 'Who gains and who loses';
  return [context.style.bold(heading), ...sorted.flatMap((group) => oneImpact(group, context))];
}

function oneImpact({ grants, titled, any }: ImpactGroup, context: TextContext): string[] {
  const { style, drift, width } = context;
  const mark = any.protected ? `  ${style.red('protected')}` : '';
  const [plus, minus] = drift ? [style.red('-'), style.green('+')] : [style.green('+'), style.red('-')];
  const heads = titled
    ? grants.map(({ grant, title }) => {
        const words = title === null ? '' : style.dim(`  ${oneLine(title)}`);
        return `  ${quotedName(grant)}${mark}${words}`;
      })
    : [
        `  ${plural(grants.length, 'grant')}${mark}`,
        ...wrap(grants.map(({ grant }) => quotedName(grant)).join(', '), '    ', width),
      ];
  return [
    ...heads,
    ...peopleLine(plus, { people: any.gains, count: any.gainCount }, context),
    ...peopleLine(minus, { people: any.loses, count: any.loseCount }, context),
  ];
}

function peopleLine(
  sign: string,
  { people, count }: { people: readonly PlanPerson[]; count: number },
  { limit }: TextContext,
): string[] {
  if (count === 0) return [];
  const { shown } = cut(people, limit);
  if (shown.length === 0) return [`    ${sign} ${plural(count, 'person', 'people')}`];
  const more = count - shown.length;
  return [`    ${sign} ${shown.map(personLabel).join(', ')}${more > 0 ? ` and ${figure(more)} more` : ''}`];
}

/** Warnings, missing people, unmanaged roles, accepted drift, held grants. */
export function noteLines(document: PlanDocument, context: TextContext): string[][] {
  const { style, limit, width } = context;
  const group = (heading: string, lines: readonly string[]): string[] =>
    lines.length > 0 ? [style.bold(heading), ...lines] : [];
  const listed = (items: readonly string[]): string[] => {
    const { shown, more } = cut(items, limit);
    return [...shown.map((item) => `  ${item}`), ...(more > 0 ? [`  and ${figure(more)} more`] : [])];
  };
  return [
    group(
      'Warnings',
      document.warnings.flatMap((warning) => warningLines(warning, style.yellow(warning.code), width)),
    ),
    group('Listed people who are not on the instance', listed(document.missingPeople.map(quotedName))),
    group(
      'Accepted drift, left alone',
      document.accepted.flatMap((entry) => [
        ...wrap(acceptedWords(entry), '  ', width),
        ...acceptedItems(entry).flatMap((item) => wrap(item, '    ', width)),
      ]),
    ),
    group(
      'Roles that the manifest does not name',
      listed(
        document.unmanaged.roles.map((role) => `${quotedName(role.name)}  ${style.dim(unmanagedText(role))}`),
      ),
    ),
    group(
      'Held because another grant needs it',
      document.held.flatMap(({ role, grants }) =>
        grants.map(
          ({ grant, neededBy }) =>
            `  ${quotedName(role)}: ${quotedName(grant)} for ${neededBy.map(quotedName).join(', ')}`,
        ),
      ),
    ),
  ];
}

function warningLines(warning: PlanDocument['warnings'][number], code: string, width: number): string[] {
  const place =
    warning.file === null
      ? ''
      : ` (${[warning.file, warning.line, warning.column].filter((part) => part !== null).join(':')})`;
  const hint = warning.hint === null ? [] : wrap(`hint: ${warning.hint}`, '    ', width);
  return [`  ${code}`, ...wrap(`${warning.message}${place}`, '    ', width), ...hint];
}

/** `id 710000001, 4 people, 12 grants`. */
export function unmanagedText(role: PlanDocument['unmanaged']['roles'][number]): string {
  const people = role.people === null ? [] : [plural(role.people, 'person', 'people')];
  return [`id ${role.id}`, ...people, plural(role.grants, 'grant')].join(', ');
}
