import { PURPOSES, type DoctorCheck, type DoctorReport, type Readiness } from '../../doctor/doctor.js';
import { oneLine } from '../format/one-line.js';
import { styleOf, type Style } from './style.js';
import { personLabel, nameText, series } from '../format/phrases.js';

/** The result of `doctor` as text for a terminal. Ends with a line break. */
export function doctorText(report: DoctorReport, options: { colour: boolean }): string {
  const style = styleOf(options.colour);
  const { me, role, instance, checks, verdict } = report;
  const who =
    me === null
      ? 'an unknown account'
      : `${personLabel(me)}${role === null ? '' : ` in the role ${nameText(role)}`}`;
  const pad = Math.max(...checks.map(({ name }) => name.length));
  const words: Record<Readiness, string> = {
    ready: style.green('ready'),
    limited: style.yellow('limited'),
    'not-ready': style.red('not ready'),
  };
  const head = `${style.bold(nameText(instance))}, as ${who}`;
  const lines = checks.map((check) => checkLine(check, pad, style));
  const ends = PURPOSES.map((purpose) => `${style.bold(purpose.padEnd(5))}  ${words[verdict[purpose]]}`);
  return `${[head, lines.join('\n'), ends.join('\n')].join('\n\n')}\n`;
}

function checkLine({ name, ok, note, neededFor, required }: DoctorCheck, pad: number, style: Style): string {
  const sign = ok ? style.green('✓') : required ? style.red('✗') : style.yellow('!');
  const needs = ok ? '' : style.dim(` (${required ? 'needed for' : 'used by'} ${series(neededFor)})`);
  return `${sign} ${name.padEnd(pad)}  ${oneLine(note)}${needs}`;
}
