import { FACT_IDS, FACTS, unknown } from './facts.js';
import type { FactId, Findings } from './facts.js';

/** Version of the report's format. */
const PROBE_FORMAT = 1;

/** The comparison with docs/reference/domo-api.md. */
export type FactVerdict = 'as-documented' | 'differs' | 'unknown';

/** One fact of a report. */
export interface ProbeFact {
  id: FactId;
  value: string | number | null;
  verdict: FactVerdict;
  /** Why the value is unknown; null otherwise. */
  reason: string | null;
}

/** How an instance behaves. Plain JSON without names, addresses or personal data, so that it can be shared. */
export interface ProbeReport {
  formatVersion: typeof PROBE_FORMAT;
  kind: 'probe';
  /** Version of this program. */
  version: string;
  /** Did the probe create throwaway roles? */
  writes: boolean;
  /** The number of throwaway roles that remain on the instance. */
  rolesLeft: number;
  facts: readonly ProbeFact[];
}

/** Makes the report. `missing` is the reason for facts without a finding. */
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
