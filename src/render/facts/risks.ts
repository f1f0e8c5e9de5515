import type { Risk } from '../../plan/change.js';
import { oneLine } from '../format/one-line.js';

/** Risk levels from lowest to highest. */
export const RISK_LEVELS: readonly Risk['level'][] = ['low', 'medium', 'high', 'highest'];

/** The place of a risk among the levels. */
export function riskRank(risk: Risk): number {
  return RISK_LEVELS.indexOf(risk.level);
}

/** Each reason with its level, the highest first; empty for low. */
export function eachRisk(risks: readonly Risk[]): { level: Risk['level']; reason: string }[] {
  return risks
    .filter((risk) => risk.level !== 'low')
    .sort((a, b) => riskRank(b) - riskRank(a))
    .flatMap(({ level, reasons }) =>
      (reasons.length > 0 ? reasons : ['']).map((reason) => ({ level, reason })),
    );
}

/** Merges risks: the highest level, and all reasons without repeats. */
export function joinRisks(risks: readonly Risk[]): Risk {
  const rank = Math.max(0, ...risks.map(riskRank));
  return { level: RISK_LEVELS[rank] ?? 'low', reasons: [...new Set(risks.flatMap((risk) => risk.reasons))] };
}

/** A risk as text; null for a low one. */
export function riskText(risk: Risk): string | null {
  if (risk.level === 'low') return null;
  const reasons = risk.reasons.map(oneLine).join('; ');
  return reasons === '' ? `${risk.level} risk` : `${risk.level} risk: ${reasons}`;
}
