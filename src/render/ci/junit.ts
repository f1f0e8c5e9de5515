import { oneLine } from '../format/one-line.js';

/** The result of a case that did not pass. */
export interface CaseFault {
  /** `failure`: the check found something. `error`: the check could not run. */
  kind: 'failure' | 'error';
  type: string;
  message: string;
  detail: string;
}

/** The details of a case. */
interface CaseText {
  output?: string;
  fault?: CaseFault;
  /** The reason for not running it. */
  skipped?: string;
  /** Seconds. */
  time?: number;
}

/** A case of a suite. */
export interface Case {
  outcome: 'passed' | 'failure' | 'error' | 'skipped';
  kind: string;
  name: string;
  xml: (suite: string, name: string) => string;
}

/** A group of cases. */
export interface Suite {
  name: string;
  cases: readonly Case[];
}

/** Builds a case; `kind` becomes its class. */
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
  const head = (suite: string, unique: string): string =>
    `    <testcase classname="domo-roles.${attribute(`${suite}.${kind}`)}" name="${attribute(unique)}" time="${time}"`;
  return {
    outcome: fault?.kind ?? (skipped === undefined ? 'passed' : 'skipped'),
    kind,
    name,
    xml: (suite, unique) => {
      const start = head(suite, unique);
      return inner.length === 0 ? `${start}/>` : [`${start}>`, ...inner, '    </testcase>'].join('\n');
    },
  };
}

/** Renders suites as one document, without empty ones. `madeAt` is ISO 8601, UTC. */
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
    ...uniqueNames(cases).map((unique, index) => cases[index]?.xml(name, unique) ?? ''),
    '  </testsuite>',
  ].join('\n');
}

/** The names of cases. A dashboard shows only one of two cases with the same class and name, so others get a number. */
function uniqueNames(cases: readonly Case[]): string[] {
  const taken = new Set<string>();
  return cases.map(({ kind, name }) => {
    let unique = name;
    for (let nth = 2; taken.has(`${kind}\n${oneLine(unique)}`); nth += 1) unique = `${name} (${nth})`;
    taken.add(`${kind}\n${oneLine(unique)}`);
    return unique;
  });
}

function count(cases: readonly Case[], outcome: Case['outcome']): number {
  return cases.filter((one) => one.outcome === outcome).length;
}

/** XML 1.0 cannot contain most control characters, lone surrogates and noncharacters, so they are shown as escapes. */
function content(text: string): string {
  return text.split('\n').map(oneLine).join('\n').replace(/[&<>]/g, entity);
}

function attribute(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, entity);
}

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
