import type { P1Violation, Rehearsal, RehearsedRequest } from '../../rehearse/rehearse.js';
import { outcomeText } from './outcome.js';
import { bodyText } from '../facts/request-texts.js';
import { oneLine } from '../format/one-line.js';
import { styleOf, type Style } from './style.js';
import { cut, formatNumber, nameText, personLabel, plural, series } from '../format/phrases.js';

/** Options of a dry run as text. */
export interface RehearsalTextOptions {
  colour: boolean;
  /** Show every change, not only those that need attention. */
  verbose?: boolean;
}

const NAMES_SHOWN = 5;

/**
 * A dry run as text: every request in order, the results of the changes, and the three checks. Ends with a line break.
 */
export function rehearsalText(rehearsal: Rehearsal, options: RehearsalTextOptions): string {
  const style = styleOf(options.colour);
  const { requests } = rehearsal;
  const head = style.bold(
    requests.length === 0 ? 'No request would be sent' : `${plural(requests.length, 'request')}, in order`,
  );
  const pad = formatNumber(requests.length).length;
  const lines = requests.flatMap((request, index) =>
    requestLines(request, formatNumber(index + 1).padStart(pad), style),
  );
  const shown = findings(rehearsal).map(({ good, text, more }) =>
    [`${good ? style.green('✓') : style.red('✗')} ${text}`, ...more.map((line) => `    ${line}`)].join('\n'),
  );
  return `${[head, ...lines].join('\n')}\n\n${outcomeText(rehearsal.outcome, options)}\n${shown.join('\n')}\n`;
}

function requestLines({ planned, status }: RehearsedRequest, number: string, style: Style): string[] {
  const { method, path } = planned;
  const body = bodyText(planned);
  const refused = status !== null && status < 400 ? '' : ` ${style.red(`answered ${status ?? 'nothing'}`)}`;
  const first = `  ${style.dim(number)}  ${style.bold(method)} ${oneLine(path)}${refused}`;
  const blank = ' '.repeat(number.length + 4);
  return body === '' ? [first] : [first, `${blank}${body}`];
}

interface Finding {
  good: boolean;
  text: string;
  more: readonly string[];
}

function findings({ asPlanned, p1, again }: Rehearsal): Finding[] {
  const left = again.changes.map((change) => change.id);
  const { shown, more } = cut(left, NAMES_SHOWN);
  return [
    {
      good: asPlanned,
      text: asPlanned
        ? 'the requests are exactly those of the plan'
        : 'the requests are not the ones of the plan',
      more: [],
    },
    {
      good: p1.violations.length === 0,
      text:
        p1.violations.length === 0
          ? `no one held more than they had before or have after (checked after ${plural(p1.writes, 'write')})`
          : `${plural(p1.violations.length, 'time')} someone held more than they had before or have after`,
      more: p1.violations.map(violationLine),
    },
    {
      good: left.length === 0,
      text: left.length === 0 ? 'a fresh plan is empty' : `a fresh plan has ${plural(left.length, 'change')}`,
      more: [...shown.map(nameText), ...(more > 0 ? [`and ${formatNumber(more)} more`] : [])],
    },
  ];
}

function violationLine({ write, people, roleId, grants }: P1Violation): string {
  const { shown, more } = cut(people, NAMES_SHOWN);
  const who = series([...shown.map(personLabel), ...(more > 0 ? [`${formatNumber(more)} more`] : [])]);
  return `after write ${formatNumber(write)}: ${who} in role ${roleId}: ${grants.map(oneLine).join(', ')}`;
}
