import type { RemainingRole } from '../../doctor/probe/clean-up.js';
import { FACTS } from '../../doctor/probe/facts.js';
import type { FactVerdict, ProbeFact, ProbeReport } from '../../doctor/probe/report.js';
import { styleOf } from './style.js';
import type { Style } from './style.js';

/** The result of a probe as text for a terminal. Ends with a line break. */
export function probeText(report: ProbeReport, options: { colour: boolean }): string {
  const style = styleOf(options.colour);
  const pad = Math.max(...report.facts.map(({ id }) => FACTS[id].title.length));
  const count = (verdict: FactVerdict): number =>
    report.facts.filter((fact) => fact.verdict === verdict).length;
  const summary = [
    `${count('as-documented')} as documented`,
    `${count('differs')} different`,
    `${count('unknown')} unknown`,
  ].join(', ');
  const lines = report.facts.map((fact) => factLine(fact, pad, style));
  return `${lines.join('\n')}\n\n${summary}\n`;
}

/** A throwaway role that is left on an instance. */
export function leftRoleText({ names, id, reason }: RemainingRole): string {
  const called = names.map((name) => JSON.stringify(name)).join(' or ');
  return `left: the role ${called}${id === null ? '' : ` (id ${id})`}: ${reason}`;
}

function factLine({ id, value, verdict, reason }: ProbeFact, pad: number, style: Style): string {
  const signs: Record<FactVerdict, string> = {
    'as-documented': style.green('✓'),
    differs: style.yellow('≠'),
    unknown: style.dim('?'),
  };
  const found = value === null ? style.dim(`unknown: ${reason ?? ''}`) : String(value);
  return `${signs[verdict]} ${FACTS[id].title.padEnd(pad)}  ${found}`;
}
