import { jsonText } from '../../model/json-text.js';
import { sortedUnique } from '../../model/sort.js';
import { CODES, type ProblemCode } from '../../problem/codes.js';
import type { Where } from '../../problem/problem.js';
import { oneLine, visibleEscape } from '../format/one-line.js';

/** One result of a log. Texts are one line each. */
export interface SarifFinding {
  ruleId: ProblemCode;
  level: 'error' | 'warning' | 'note';
  text: string;
  /** Identifies the same finding in later logs. */
  fingerprint: string;
  /** The place to show it; without a file it has no location. */
  where: Where | null;
  /** The reason of a suppression; null if it is not suppressed. */
  justification: string | null;
}

/** One run. */
interface SarifRun {
  version: string;
  /** Distinguishes several logs of one tool. */
  id: string;
  findings: readonly SarifFinding[];
  /** Notifications besides the findings, one line each. */
  notes: readonly string[];
}

/** A SARIF 2.1.0 log as text. Equal input gives equal bytes. */
export function sarifLog({ version, id, findings, notes }: SarifRun): string {
  const ruleIds = sortedUnique(findings.map(({ ruleId }) => ruleId));
  const rules = ruleIds.map((rule) => ({ id: rule, shortDescription: { text: CODES[rule].title } }));
  const driver = { name: 'domo-roles', version, informationUri: 'https://domo-roles.dev', rules };
  const notifications = notes.map((text) => ({ level: 'note', message: { text: withoutLinks(text) } }));
  const run = {
    tool: { driver },
    ...(notes.length === 0
      ? {}
      : { invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications }] }),
    automationDetails: { id },
    columnKind: 'utf16CodeUnits',
    results: findings.map((finding) => resultOf(finding, ruleIds)),
  };
  const $schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return jsonText({ $schema, version: '2.1.0', runs: [run] });
}

function resultOf(finding: SarifFinding, ruleIds: readonly ProblemCode[]): object {
  const { ruleId, level, text, where, fingerprint, justification } = finding;
  return {
    ruleId,
    ruleIndex: ruleIds.indexOf(ruleId),
    level,
    message: { text: withoutLinks(text) },
    ...locationsOf(where),
    ...(justification === null
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification }] }),
    partialFingerprints: { 'domoRoles/v1': fingerprint.slice(0, 200) },
  };
}

/** A text without embedded links: viewers show `[words](target)` as a link, and a name may have this form. */
function withoutLinks(text: string): string {
  return text.replace(/(?<=\])\(/gu, visibleEscape);
}

function locationsOf(where: Where | null): { locations?: object[] } {
  if (where?.file === undefined) return {};
  const uri = where.file
    .split('/')
    .map((part) => encodeURIComponent(oneLine(part)))
    .join('/');
  const region = where.line === undefined ? {} : { region: regionOf(where, where.line) };
  return { locations: [{ physicalLocation: { artifactLocation: { uri }, ...region } }] };
}

function regionOf({ column, endLine, endColumn }: Where, startLine: number): Record<string, number> {
  return {
    startLine,
    ...(column === undefined ? {} : { startColumn: column }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}
