import { FACT_IDS, FACTS, unknown } from './facts.js';
import type { FactId, Findings } from './facts.js';

/** Version of the report's form. */
const PROBE_FORMAT = 1;

/** Against docs/reference/domo-api.md. */
export type FactVerdict = 'as-documented' | 'differs' | 'unknown';

/** One fact of a report. */
export interface ProbeFact {
  id: FactId;
  value: string | number | null;
  verdict: FactVerdict;
  /** Why it is unknown; null for all others. */
  reason: string | null;
}

/** How an instance behaves. Plain JSON, without names, addresses and personal data: it can be sent to others. */
export interface ProbeReport {
  formatVersion: typeof PROBE_FORMAT;
  kind: 'probe';
  /** Version of this program. */
  version: string;
  /** Were throwaway roles made? */
  writes: boolean;
  /** Throwaway roles that stayed on the instance. */
  rolesLeft: number;
  facts: readonly ProbeFact[];
}

/** The report of what was found. `missing` is the reason for facts that are not among the findings. */
export function probeReport(
  findings: Findings,
  { missing, ...rest }: Pick<ProbeReport, 'version' | 'writes' | 'rolesLeft'> & { missing: string },
): ProbeReport {
  const facts = FACT_IDS.map((id) => factOf(id, findings, missing));
  return { formatVersion: PROBE_FORMAT, kind: 'probe', ...rest, facts };
}

function factOf(id: FactId, findings: Findings, missing: string): ProbeFact {
  const finding = findings[id] ?? unknown(missing);
  if (finding.value === null) return { id, value: null, verdict: 'unknown', reason: finding.reason };
  const documented: readonly string[] = FACTS[id].documented;
  const verdict = documented.includes(String(finding.value)) ? 'as-documented' : 'differs';
  return { id, value: finding.value, verdict, reason: null };
}
