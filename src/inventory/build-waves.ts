import { quotedName } from '../model/quoted-name.js';
import type { Limit } from '../model/policy.js';
import { problem, warning, type Problem } from '../problem/problem.js';
import { didYouMean } from '../model/suggest.js';
import type { Place } from '../manifest/yaml/yaml-values.js';
import type { DraftWave } from './draft.js';
import { REST_WAVE } from './inventory.js';
import type { FleetEntry, LabelTerm, Wave } from './inventory.js';
import { matchesTerms, parseTerm } from './select.js';

/** Parses the terms of a wave. Problems are added to the list. */
export function buildWave({ name, where, mayFail, atOnce }: DraftWave, problems: Problem[]): Wave {
  const terms = where.map(({ value, at }) => {
    const term = parseTerm(value);
    if (term) return term;
    const hint = 'write label=value, label!=value or label=one|other, one term per item';
    problems.push(problem('bad-value', `${quotedName(value)} is not a valid term`, { where: at, hint }));
    return MATCHES_NOTHING;
  });
  const limit = mayFail ? limitOf(mayFail.value, 0) : { count: 0 };
  return { name: name.value, where: terms, mayFail: limit, atOnce };
}

/** A term that no entry matches, because its list of values is empty. */
const MATCHES_NOTHING: LabelTerm = { label: '', values: [], negated: false };

/** Checks that no name is used twice, and that none is the reserved name `rest`. */
export function checkWaveNames(waves: readonly DraftWave[], problems: Problem[]): void {
  const seen = new Map<string, Place>();
  for (const { name } of waves) {
    const first = seen.get(name.value);
    if (name.value === REST_WAVE) {
      const hint = 'entries in no wave form it; choose another name';
      problems.push(
        problem('bad-value', `the wave name "${REST_WAVE}" is reserved`, { where: name.at, hint }),
      );
    } else if (first) {
      problems.push(
        problem(
          'duplicate-key',
          `the wave ${quotedName(name.value)} is defined here and on line ${first.line}`,
          {
            where: name.at,
            hint: 'rename one of them',
          },
        ),
      );
    }
    seen.set(name.value, first ?? name.at);
  }
}

/** Warns of waves that match no entry: most likely a label is misspelled. */
export function warnOfEmptyWaves(
  waves: readonly DraftWave[],
  entries: readonly FleetEntry[],
  problems: Problem[],
): void {
  for (const { name, where } of waves) {
    if (entries.some(({ wave }) => wave === name.value)) continue;
    // An invalid term has been reported; the empty wave is a consequence.
    if (where.some(({ value }) => parseTerm(value) === null)) continue;
    const hint = emptyWaveHint(
      where.flatMap(({ value }) => parseTerm(value) ?? []),
      entries,
    );
    problems.push(
      warning('empty-wave', `the wave ${quotedName(name.value)} matches no instance`, {
        where: name.at,
        hint,
      }),
    );
  }
}

/** Returns why a wave is empty: its instances are in earlier waves, or no instance has the label or value. */
function emptyWaveHint(terms: readonly LabelTerm[], entries: readonly FleetEntry[]): string | null {
  if (entries.some(({ labels }) => matchesTerms(labels, terms)))
    return 'all instances that it matches are in earlier waves';
  const labels = new Set(entries.flatMap((entry) => [...entry.labels.keys()]));
  const unknown = terms.find(({ label }) => !labels.has(label));
  if (unknown)
    return didYouMean(unknown.label, labels) ?? `no instance has the label ${quotedName(unknown.label)}`;
  for (const { label, values: wanted, negated } of terms) {
    const known = new Set(entries.flatMap((entry) => entry.labels.get(label) ?? []));
    const missing = negated ? undefined : wanted.find((value) => !known.has(value));
    if (missing !== undefined) return didYouMean(missing, known) ?? `no instance has ${label}=${missing}`;
  }
  return null;
}

/** Parses a number or a percentage. `floor` is the minimum that a percentage amounts to. */
export function limitOf(value: number | string, floor: number): Limit {
  return typeof value === 'number'
    ? { count: value }
    : { percent: Number(value.replace('%', '').trim()), floor };
}
