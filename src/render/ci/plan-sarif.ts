import { CODES, type ProblemCode } from '../../problem/codes.js';
import type { PlanWarning, Refusal } from '../../plan/plan.js';
import { policyNotices } from '../facts/policy-notices.js';
import { driftItems } from '../facts/drift-items.js';
import { asNamed, placed, type PlaceOf } from './places.js';
import { oneLine } from '../format/one-line.js';
import { refusalFacts } from '../facts/refusal-facts.js';
import type { PlanDocument } from '../vocabulary.js';
import { byCodeUnit } from '../../model/sort.js';

interface Region {
  startLine: number;
  startColumn?: number;
}

interface SarifResult {
  ruleId: string;
  ruleIndex: number;
  level: 'error' | 'warning';
  message: { text: string };
  locations?: { physicalLocation: { artifactLocation: { uri: string }; region?: Region } }[];
  partialFingerprints: { 'domoRoles/v1': string };
}

interface Place {
  file: string;
  line: number | null;
  column: number | null;
}

interface Finding {
  ruleId: ProblemCode;
  level: 'error' | 'warning';
  text: string;
  /** `outside` is a file that the repository does not have; the text names it. */
  place: Place | 'outside' | null;
}

/**
 * A plan as SARIF 2.1.0: refusals as errors, warnings as warnings, at their place in the manifest where
 * there is one and else at the manifest's first file. In a drift document every difference is an error.
 */
export function planSarif(document: PlanDocument, placeOf: PlaceOf = asNamed): string {
  const findings: Finding[] = [
    ...(document.kind === 'plan'
      ? document.refusals.map(refusalFinding)
      : [
          ...document.problems.map((one) => warningFinding(one, placeOf, 'error')),
          ...driftFindings(document),
        ]),
    ...policyNotices(document).map(({ code, text }): Finding => ({
      ruleId: code,
      level: 'warning',
      text: `${oneLine(text)}.`,
      place: null,
    })),
    ...document.warnings.map((one) => warningFinding(one, placeOf)),
  ];
  const rules = [...new Set(findings.map((finding) => finding.ruleId))].sort(byCodeUnit);
  const first = document.manifest.files[0];
  const fallback = first === undefined ? null : placeOf(first.path);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'domo-roles',
            version: document.madeBy,
            informationUri: 'https://domo-roles.dev',
            rules: rules.map((id) => ({ id, shortDescription: { text: CODES[id].title } })),
          },
        },
        automationDetails: { id: `domo-roles/${document.kind}/${document.instance}` },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, rules, fallback)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function refusalFinding(refusal: Refusal): Finding {
  const facts = refusalFacts(refusal).map((fact) =>
    fact.value === '' ? fact.label : `${fact.label} ${fact.value}`,
  );
  const hint = refusal.hint === null ? '' : ` Hint: ${oneLine(refusal.hint)}`;
  const text = `${oneLine(refusal.message)} (${facts.join(', ')}).${hint}`;
  return { ruleId: refusal.code, level: 'error', text, place: null };
}

function warningFinding(
  warning: PlanWarning,
  placeOf: PlaceOf,
  level: Finding['level'] = 'warning',
): Finding {
  const hint = warning.hint === null ? '' : ` Hint: ${oneLine(warning.hint)}`;
  const { file, line, column } = warning;
  const text = `${oneLine(warning.message)}.${hint}`;
  const finding = { ruleId: warning.code, level, text };
  if (file === null) return { ...finding, place: null };
  const where = placed(
    { file, ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) },
    placeOf,
  );
  if (where.file === undefined)
    return { ...finding, text: `${oneLine(where.what ?? file)}: ${text}`, place: 'outside' };
  return { ...finding, place: { file: where.file, line, column } };
}

function driftFindings(document: Extract<PlanDocument, { kind: 'drift' }>): Finding[] {
  return driftItems(document).map(({ text }) => ({
    ruleId: 'drift',
    level: 'error',
    text: `${text}.`,
    place: null,
  }));
}

function result(finding: Finding, rules: readonly string[], fallback: string | null): SarifResult {
  const place = finding.place ?? (fallback === null ? null : { file: fallback, line: 1, column: null });
  return {
    ruleId: finding.ruleId,
    ruleIndex: rules.indexOf(finding.ruleId),
    level: finding.level,
    message: { text: finding.text },
    ...(place === null || place === 'outside' ? {} : { locations: [{ physicalLocation: location(place) }] }),
    partialFingerprints: { 'domoRoles/v1': `${finding.ruleId}:${finding.text}`.slice(0, 200) },
  };
}

function location({ file, line, column }: Place): {
  artifactLocation: { uri: string };
  region?: Region;
} {
  const uri = file
    .split('/')
    .map((part) => encodeURIComponent(oneLine(part)))
    .join('/');
  if (line === null) return { artifactLocation: { uri } };
  return {
    artifactLocation: { uri },
    region: { startLine: line, ...(column === null ? {} : { startColumn: column }) },
  };
}
