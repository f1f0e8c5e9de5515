import { oneLine } from '../format/one-line.js';

/** How a case ended that did not pass. */
export interface CaseFault {
  /** A failure is what was looked for and found; an error is what kept it from being looked for. */
  kind: 'failure' | 'error';
  type: string;
  message: string;
  detail: string;
}

/** What a case says beside its name. */
export interface CaseText {
  output?: string;
  fault?: CaseFault;
  /** Why it was not run. */
  skipped?: string;
  /** Seconds. */
  time?: number;
}

/** A case of a suite. */
export interface Case {
  outcome: 'passed' | 'failure' | 'error' | 'skipped';
  xml: (suite: string) => string;
}

/** Cases that stand together. */
export interface Suite {
  name: string;
  cases: readonly Case[];
}

/** A case named after what it is about; `kind` is what it is an instance of. */
export function testCase(
  kind: string,
  name: string,
  { output, fault, skipped, time = 0 }: CaseText = {},
): Case {
  const inner = [
    ...(fault
      ? [
          `      <${fault.kind} type="${attribute(fault.type)}" message="${attribute(fault.message)}">${content(fault.detail)}</${fault.kind}>`,
        ]
      : []),
    ...(skipped === undefined ? [] : [`      <skipped message="${attribute(skipped)}"/>`]),
    ...(output === undefined || output === '' ? [] : [`      <system-out>${content(output)}</system-out>`]),
  ];
  const head = (suite: string): string =>
    `    <testcase classname="domo-roles.${attribute(`${suite}.${kind}`)}" name="${attribute(name)}" time="${time}"`;
  return {
    outcome: fault?.kind ?? (skipped === undefined ? 'passed' : 'skipped'),
    xml: (suite) =>
      inner.length === 0 ? `${head(suite)}/>` : [`${head(suite)}>`, ...inner, '    </testcase>'].join('\n'),
  };
}

/** Suites as one document; those without a case are left out. `madeAt` is ISO 8601, UTC. */
export function junitXml(name: string, all: readonly Suite[], madeAt: string): string {
  const suites = all.filter(({ cases }) => cases.length > 0);
  const cases = suites.flatMap((suite) => suite.cases);
  const time = attribute(madeAt.replace(/(\.\d+)?Z$/, ''));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(name)}" tests="${cases.length}" failures="${count(cases, 'failure')}" errors="${count(cases, 'error')}" time="0">`,
    ...suites.map((suite) => suiteXml(suite, time)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteXml({ name, cases }: Suite, time: string): string {
  const [failures, errors, skipped] = (['failure', 'error', 'skipped'] as const).map((one) =>
    count(cases, one),
  );
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="0"`;
  return [
    `  <testsuite name="${attribute(name)}" ${counts} timestamp="${time}">`,
    ...cases.map((entry) => entry.xml(name)),
    '  </testsuite>',
  ].join('\n');
}

function count(cases: readonly Case[], outcome: Case['outcome']): number {
  return cases.filter((one) => one.outcome === outcome).length;
}

/** XML 1.0 has no place at all for most control characters and lone surrogates: shown, never written. */
function content(text: string): string {
  return text
    .split('\n')
    .map(oneLine)
    .join('\n')
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>]/g, entity);
}

function attribute(text: string): string {
  return oneLine(text)
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, entity);
}

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
