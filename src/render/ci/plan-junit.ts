import type { Change } from '../../plan/change.js';
import type { Accepted, Allowed, Plan, PlanWarning, Refusal } from '../../plan/plan.js';
import { acceptedItems, acceptedText } from '../facts/accepted.js';
import { placeText, problemsOf } from '../facts/notes.js';
import { overviewLines } from '../facts/overview.js';
import { driftItems, type DriftItem } from '../facts/drift-items.js';
import { oneLine } from '../format/one-line.js';
import { conditionText } from '../facts/conditions.js';
import { moveNote } from '../facts/moves.js';
import { personLabel, quotedName, plural } from '../format/phrases.js';
import { ownerLookup } from '../facts/owners.js';
import { policyNotices, type PolicyNotice } from '../facts/policy-notices.js';
import { allowedOf, factText, reasonText, refusalFacts, refusalsOf } from '../facts/refusal-facts.js';
import { verdictOf } from '../facts/verdict.js';
import type { PlanDocument } from '../vocabulary.js';

/**
 * A plan as JUnit XML for CI dashboards: refusals are failures; changes, warnings, and what is allowed or
 * accepted are cases that pass, with their details in `system-out`. In a drift document every difference is a
 * failure.
 */
export function planJunit(document: PlanDocument): string {
  const verdict = verdictOf(document);
  const suites = [
    suite('verdict', [testCase('verdict', verdict.title, { output: verdict.sentence })]),
    suite('overview', overviewCases(document)),
    suite('policy', policyNotices(document).map(noticeCase)),
    suite('refusals', refusalsOf(document).map(refusalCase)),
    suite('allowed', allowedOf(document).map(allowedCase)),
    suite('problems', problemsOf(document).map(problemCase)),
    suite('differences', driftItems(document).map(differenceCase)),
    suite('changes', document.kind === 'plan' ? changeCases(document) : []),
    suite('accepted', document.accepted.map(acceptedCase)),
    suite('warnings', document.warnings.map(warningCase)),
  ].filter((entry) => entry.tests > 0);
  const tests = suites.reduce((sum, entry) => sum + entry.tests, 0);
  const failures = suites.reduce((sum, entry) => sum + entry.failures, 0);
  const name = `domo-roles ${document.kind} ${document.instance}`;
  const time = document.madeAt.replace(/(\.\d+)?Z$/, '');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(name)}" tests="${tests}" failures="${failures}" errors="0" time="0">`,
    ...suites.map((entry) => entry.xml(time)),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  failed: boolean;
  xml: (suite: string) => string;
}

interface Suite {
  tests: number;
  failures: number;
  xml: (time: string) => string;
}

function suite(name: string, cases: readonly Case[]): Suite {
  const failures = cases.filter((entry) => entry.failed).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="0"`;
  const xml = (time: string): string =>
    [
      `  <testsuite name="${name}" ${counts} timestamp="${attribute(time)}">`,
      ...cases.map((entry) => entry.xml(name)),
      '  </testsuite>',
    ].join('\n');
  return { tests: cases.length, failures, xml };
}

interface CaseText {
  output?: string;
  failure?: { type: string; message: string; detail: string };
}

function testCase(kind: string, name: string, { output, failure }: CaseText): Case {
  const inner = [
    ...(failure
      ? [
          `      <failure type="${attribute(failure.type)}" message="${attribute(failure.message)}">${content(failure.detail)}</failure>`,
        ]
      : []),
    ...(output === undefined || output === '' ? [] : [`      <system-out>${content(output)}</system-out>`]),
  ];
  const head = (suiteName: string): string =>
    `    <testcase classname="domo-roles.${attribute(`${suiteName}.${kind}`)}" name="${attribute(name)}" time="0"`;
  return {
    failed: failure !== undefined,
    xml: (suiteName) =>
      inner.length === 0
        ? `${head(suiteName)}/>`
        : [`${head(suiteName)}>`, ...inner, '    </testcase>'].join('\n'),
  };
}

function noticeCase({ code, subject, text }: PolicyNotice): Case {
  return testCase(code, subject, { output: text });
}

function overviewCases(document: PlanDocument): Case[] {
  const lines = overviewLines(document);
  return lines.length > 0 ? [testCase('overview', document.kind, { output: lines.join('\n') })] : [];
}

function refusalCase(refusal: Refusal): Case {
  const { code, message } = refusal;
  return testCase(code, message, { failure: { type: code, message, detail: refusalDetail(refusal) } });
}

function allowedCase(refusal: Allowed): Case {
  const output = `${refusalDetail(refusal)}\nreason: ${oneLine(reasonText(refusal))}`;
  return testCase(refusal.code, refusal.message, { output });
}

function refusalDetail(refusal: Refusal): string {
  return [
    ...refusalFacts(refusal).map(factText),
    ...refusal.items.map((item) => `about ${quotedName(item)}`),
    ...(refusal.hint === null ? [] : [`hint: ${oneLine(refusal.hint)}`]),
  ].join('\n');
}

function acceptedCase(entry: Accepted): Case {
  const name = entry.role === null ? entry.what : `${entry.what} of ${entry.role}`;
  return testCase('accepted-drift', name, {
    output: [oneLine(acceptedText(entry)), ...acceptedItems(entry)].join('\n'),
  });
}

function changeCases(plan: Plan): Case[] {
  const ownerOf = ownerLookup(plan.owners);
  return plan.changes.map((change) =>
    changeCase(change, [
      ...ownerLines(change.roleId === null ? null : ownerOf(change.roleId)),
      ...changeLines(change),
      ...timedLines(change, plan),
    ]),
  );
}

function ownerLines(owner: string | null): string[] {
  return owner === null ? [] : [`owner ${quotedName(owner)}`];
}

function changeCase(change: Change, lines: readonly string[]): Case {
  const risk = change.risk.reasons.map((reason) => `${change.risk.level} risk: ${oneLine(reason)}`);
  const requests = change.requests.map((request) => {
    const when = conditionText(request);
    return `${request.method} ${oneLine(request.path)}${when === '' ? '' : ` (${when})`}`;
  });
  return testCase(change.kind, change.id, {
    output: [...lines, ...risk, ...requests].join('\n'),
  });
}

function problemCase(problem: PlanWarning): Case {
  const { code, message } = problem;
  return testCase(code, message, { failure: { type: code, message, detail: warningDetail(problem) } });
}

function warningCase(warning: PlanWarning): Case {
  return testCase(warning.code, warning.message, { output: warningDetail(warning) });
}

function warningDetail(warning: PlanWarning): string {
  const hint = warning.hint === null ? '' : `hint: ${warning.hint}`;
  return [placeText(warning), hint].filter((part) => part !== '').join('\n');
}

function differenceCase({ kind, subject, text }: DriftItem): Case {
  const failure = { type: 'drift', message: text, detail: text };
  return testCase(kind, `${kind} ${subject}`, { failure });
}

function changeLines(change: Change): string[] {
  switch (change.kind) {
    case 'role.create':
      return [`starts with the grants of ${quotedName(change.after.startsFrom.name)}`];
    case 'role.update':
      return [`${quotedName(change.before.name)} → ${quotedName(change.after.name)}`];
    case 'grants.set': {
      // No one holds yet what a new role starts with.
      const had = typeof change.roleId === 'number' ? change.before : [];
      const before = new Set(had);
      const after = new Set(change.after);
      return [
        ...change.after.filter((grant) => !before.has(grant)).map((grant) => `+ ${quotedName(grant)}`),
        ...had.filter((grant) => !after.has(grant)).map((grant) => `- ${quotedName(grant)}`),
      ];
    }
    case 'members.move':
      return [
        plural(change.people.length, 'person', 'people'),
        ...change.before.map(({ role, people }) => `${people} from ${quotedName(role)}`),
      ];
    case 'defaultRole.set':
      return [`${quotedName(change.before)} → ${quotedName(change.after)}`];
    case 'allowlist.set':
      return [change.before, change.after].map((list) =>
        list === 'off' ? 'off' : list.map(quotedName).join(', '),
      );
    case 'role.delete':
      return [`id ${change.roleId}`, ...change.before.grants.map((grant) => `- ${quotedName(grant)}`)];
  }
}

/** The people whom a change moves because of an entry with until. */
function timedLines(change: Change, plan: Plan): string[] {
  if (change.kind !== 'members.move') return [];
  return change.people
    .filter(({ until }) => until !== null)
    .map((move) => `${personLabel(move)} ${moveNote(move, plan)}`);
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
