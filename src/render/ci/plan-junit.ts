import { grantsWithout } from '../../model/closure.js';
import type { Change } from '../../plan/change.js';
import type { Accepted, Allowed, Plan, PlanWarning, Refusal } from '../../plan/plan.js';
import { acceptedItems, acceptedText } from '../facts/accepted.js';
import { placeText, problemsOf } from '../facts/notes.js';
import { overviewLines } from '../facts/overview.js';
import { driftItems, type DriftItem } from '../facts/drift-items.js';
import { oneLine } from '../format/one-line.js';
import { conditionText } from '../facts/request-texts.js';
import { originsOf, timedMoveTexts } from '../facts/moves.js';
import { itemText, nameText, plural } from '../format/phrases.js';
import { ownerLookup } from '../facts/owners.js';
import { roleLabels, roleLabelText, type RoleLabel, type RoleLabels } from '../facts/role-labels.js';
import { grantsHeldBefore } from '../facts/role-views.js';
import { settingSides, settingValueText } from '../facts/settings.js';
import { policyNotices, type PolicyNotice } from '../facts/policy-notices.js';
import { allowedOf, factText, reasonText, refusalFacts, refusalsOf } from '../facts/refusal-facts.js';
import { verdictOf } from '../facts/verdict.js';
import type { PlanDocument } from '../vocabulary.js';
import { junitXml, testCase, type Case, type CaseFault, type Suite } from './junit.js';

/**
 * A plan as JUnit XML for CI dashboards: refusals are failures; changes, warnings, and what is allowed or
 * accepted are cases that pass, with their details in `system-out`. In a drift document every difference is a
 * failure.
 */
export function planJunit(document: PlanDocument): string {
  const verdict = verdictOf(document);
  const suites: Suite[] = [
    { name: 'verdict', cases: [testCase('verdict', verdict.title, { output: verdict.sentence })] },
    { name: 'overview', cases: overviewCases(document) },
    { name: 'policy', cases: policyNotices(document).map(noticeCase) },
    { name: 'refusals', cases: refusalsOf(document).map(refusalCase) },
    { name: 'allowed', cases: allowedOf(document).map(allowedCase) },
    { name: 'problems', cases: problemsOf(document).map(problemCase) },
    { name: 'differences', cases: driftItems(document).map(differenceCase) },
    { name: 'changes', cases: document.kind === 'plan' ? changeCases(document) : [] },
    { name: 'accepted', cases: document.accepted.map(acceptedCase) },
    { name: 'warnings', cases: document.warnings.map(warningCase) },
  ];
  return junitXml(`domo-roles ${document.kind} ${document.instance}`, suites, document.madeAt);
}

/** A case that fails. */
function failed(kind: string, name: string, fault: Omit<CaseFault, 'kind'>): Case {
  return testCase(kind, name, { fault: { kind: 'failure', ...fault } });
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
  return failed(code, message, { type: code, message, detail: refusalDetail(refusal) });
}

function allowedCase(refusal: Allowed): Case {
  const output = `${refusalDetail(refusal)}\nreason: ${oneLine(reasonText(refusal))}`;
  return testCase(refusal.code, refusal.message, { output });
}

function refusalDetail(refusal: Refusal): string {
  return [
    ...refusalFacts(refusal).map(factText),
    ...refusal.items.map((item) => `about ${itemText(item)}`),
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
  const labels = roleLabels(plan);
  return plan.changes.map((change) =>
    changeCase(change, [
      ...ownerLines(change.roleId === null ? null : ownerOf(change.roleId)),
      ...changeLines(change, labels),
      ...timedMoveTexts(change, plan),
    ]),
  );
}

function ownerLines(owner: string | null): string[] {
  return owner === null ? [] : [`owner ${nameText(owner)}`];
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
  return failed(code, message, { type: code, message, detail: warningDetail(problem) });
}

function warningCase(warning: PlanWarning): Case {
  return testCase(warning.code, warning.message, { output: warningDetail(warning) });
}

function warningDetail(warning: PlanWarning): string {
  const hint = warning.hint === null ? '' : `hint: ${warning.hint}`;
  return [placeText(warning), hint].filter((part) => part !== '').join('\n');
}

function differenceCase({ kind, subject, text }: DriftItem): Case {
  return failed(kind, `${kind} ${subject}`, { type: 'drift', message: text, detail: text });
}

function changeLines(change: Change, labels: RoleLabels): string[] {
  switch (change.kind) {
    case 'role.create':
      return [`starts with the grants of ${nameText(change.after.startsFrom.name)}`];
    case 'role.update':
      return [`${nameText(change.before.name)} → ${nameText(change.after.name)}`];
    case 'grants.set': {
      const had = grantsHeldBefore(change);
      return [
        ...grantsWithout(change.after, had).map((grant) => `+ ${nameText(grant)}`),
        ...grantsWithout(had, change.after).map((grant) => `- ${nameText(grant)}`),
      ];
    }
    case 'members.move':
      return [
        plural(change.people.length, 'person', 'people'),
        ...originsOf(change.people, labels).map(({ role, people }) => `${people} from ${named(role)}`),
      ];
    case 'defaultRole.set': {
      const { before, after } = settingSides(change, labels);
      return [`${settingValueText(before)} → ${settingValueText(after)}`];
    }
    case 'allowlist.set': {
      const { before, after } = settingSides(change, labels);
      return [settingValueText(before), settingValueText(after)];
    }
    case 'role.delete':
      return [`id ${change.roleId}`, ...change.before.grants.map((grant) => `- ${nameText(grant)}`)];
  }
}

function named(label: RoleLabel): string {
  return roleLabelText(label, nameText);
}
