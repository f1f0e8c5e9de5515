import type { FleetEntry, LabelTerm } from './inventory.js';
import { checkList } from '../problem/given.js';
import { usageError } from '../problem/problem.js';
import { quotedName } from '../model/quoted-name.js';
import { byCodeUnit } from '../model/sort.js';
import { matchesGlob } from './glob.js';
import { didYouMean } from '../model/suggest.js';

/** Flags that select entries. A missing flag selects all. */
export interface SelectFlags {
  /** Names, or patterns with `*` and `?`. */
  only?: readonly string[] | undefined;
  except?: readonly string[] | undefined;
  /** Terms such as `tier=production,region!=us`; an entry must match all of them. */
  where?: readonly string[] | undefined;
  wave?: readonly string[] | undefined;
}

/** Names that flags may use in addition to those of entries. */
export interface SelectNames {
  waves: readonly string[];
  /** Instances of saved plans that are no longer in the inventory. */
  gone?: readonly string[] | undefined;
}

/**
 * Returns the entries that the flags select, sorted by name. Raises `usage` for a name, label or wave that matches nothing.
 */
export function selectEntries(
  entries: readonly FleetEntry[],
  flags: SelectFlags,
  { waves, gone = [] }: SelectNames,
): FleetEntry[] {
  for (const key of ['only', 'except', 'where', 'wave'] as const) checkList(key, flags[key]);
  const names = [...entries.map(({ name }) => name), ...gone];
  const only = matcher('--only', flags.only, names);
  const except = matcher('--except', flags.except, names);
  const terms = (flags.where ?? []).flatMap(parseWhere);
  checkLabels(terms, entries);
  checkWaves(flags.wave ?? [], waves);
  const selected = entries.filter(
    (entry) =>
      (only === null || only(entry.name)) &&
      !(except?.(entry.name) ?? false) &&
      matchesTerms(entry.labels, terms) &&
      (flags.wave === undefined || flags.wave.includes(entry.wave)),
  );
  return selected.sort((a, b) => byCodeUnit(a.name, b.name));
}

/** Returns the names that `--only` and `--except` select: instances that left the inventory have no labels and no wave. */
export function selectNames(names: readonly string[], { only, except }: SelectFlags): string[] {
  const matches = (name: string, patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesGlob(name, pattern));
  return names.filter(
    (name) => (!only || only.length === 0 || matches(name, only)) && !matches(name, except ?? []),
  );
}

/** Do labels match all terms? A missing label matches a negated term. */
export function matchesTerms(labels: ReadonlyMap<string, string>, terms: readonly LabelTerm[]): boolean {
  return terms.every(({ label, values, negated }) => {
    const value = labels.get(label);
    return (value !== undefined && values.includes(value)) !== negated;
  });
}

const TERM = /^([A-Za-z][A-Za-z0-9_-]*)(!?=)(.+)$/u;

/** Parses `tier=production,region!=us|eu`. Raises `usage` for an invalid term. */
export function parseWhere(text: string): LabelTerm[] {
  return text.split(',').map((part) => {
    const term = parseTerm(part.trim());
    if (term) return term;
    throw usageError(`${quotedName(part.trim())} is not a valid term`, {
      what: '--where',
      hint: "write label=value, label!=value or label=one|other, such as --where 'tier=production,region!=us'",
    });
  });
}

/** Parses one term; returns null if it is invalid. */
export function parseTerm(text: string): LabelTerm | null {
  const [, label, operator, list] = TERM.exec(text) ?? [];
  if (label === undefined || list === undefined) return null;
  const values = list.split('|').map((value) => value.trim());
  if (values.some((value) => !LABEL_VALUE.test(value))) return null;
  return { label, values, negated: operator === '!=' };
}

/** Pattern of label values. */
export const LABEL_VALUE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/u;

/** Returns a predicate for names; null without patterns. A pattern that matches nothing is most likely a typo: `usage`. */
function matcher(
  flag: string,
  patterns: readonly string[] | undefined,
  names: readonly string[],
): ((name: string) => boolean) | null {
  if (patterns === undefined || patterns.length === 0) return null;
  for (const pattern of patterns) {
    if (!names.some((name) => matchesGlob(name, pattern))) {
      throw usageError(`no instance of the fleet matches ${quotedName(pattern)}`, {
        what: flag,
        hint: didYouMean(pattern, names) ?? 'fleet list prints the names',
      });
    }
  }
  return (name) => patterns.some((pattern) => matchesGlob(name, pattern));
}

/** Returns labels of negated terms that no entry has. Such a term matches every instance: it may be a typo. */
export function unknownNegatedLabels(entries: readonly FleetEntry[], where: readonly string[]): string[] {
  const known = labelsOf(entries);
  const negated = where.flatMap(parseWhere).filter((term) => term.negated);
  return [...new Set(negated.map(({ label }) => label))].filter((label) => !known.has(label));
}

function labelsOf(entries: readonly FleetEntry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ labels }) => [...labels.keys()]));
}

/** A label that no instance has is most likely a typo, except in a negated term, which instances without it match. */
function checkLabels(terms: readonly LabelTerm[], entries: readonly FleetEntry[]): void {
  const known = labelsOf(entries);
  for (const { label, negated } of terms) {
    if (negated || known.has(label)) continue;
    throw usageError(`no instance of the fleet has the label ${quotedName(label)}`, {
      what: '--where',
      hint: didYouMean(label, [...known]) ?? `labels: ${[...known].sort(byCodeUnit).join(', ') || 'none'}`,
    });
  }
}

function checkWaves(wanted: readonly string[], waves: readonly string[]): void {
  for (const wave of wanted) {
    if (waves.includes(wave)) continue;
    throw usageError(`there is no wave ${quotedName(wave)}`, {
      what: '--wave',
      hint: didYouMean(wave, waves) ?? `waves: ${waves.join(', ')}`,
    });
  }
}
