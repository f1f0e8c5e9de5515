import { addTo } from '../model/group.js';
import { quotedName } from '../model/quoted-name.js';
import { byCodeUnit } from '../model/sort.js';
import { parseAllow } from '../plan/guards/allow.js';
import type { Allow } from '../plan/guards/allow.js';
import { usageError, type ProblemError } from '../problem/problem.js';

/** Guards that `--allow` lifts only for a named instance, or for all of them with an explicit `*`. */
const NAMED_GUARDS: ReadonlySet<string> = new Set([
  'escalation',
  'min-admins',
  'required-admins',
  'self-lockout',
]);

/** `acme:max-moves=40`, `*:escalation`, `max-moves=40`. */
const FORM = /^(?:([^:=]+):)?([^:]+)$/u;

/** The names of a policy's rules, which `--allow rule=NAME` refers to. */
type Rules = readonly { name: string }[];

/** The allowances of each instance. */
export interface AllowOf {
  /** The allowances of an instance. A rule that is allowed for all counts only if `rules`, those of the instance, contain it. */
  (instance: string, rules: Rules): Allow;
  /** The rules that are allowed for all instances. */
  readonly sharedRules: ReadonlySet<string>;
}

/**
 * Parses `--allow [NAME:]CODE[=N]`. Without a name it holds for all selected instances; the guards that keep people from
 * gaining or losing control of an instance need a name, or `*`.
 *
 * @throws ProblemError for an unknown code, a name that is not selected, or such a guard without a name.
 */
export function parseAllowOf(words: readonly string[], names: readonly string[]): AllowOf {
  const selected = new Set(names);
  const byName = new Map<string, string[]>();
  const all: string[] = [];
  for (const word of words) {
    const [, name, rest = word] = FORM.exec(word) ?? [];
    // This also rejects unknown codes.
    parseAllow([rest]);
    if (name === '*') all.push(rest);
    else if (name === undefined) all.push(forAll(rest));
    else if (selected.has(name)) addTo(byName, name, rest);
    else throw notSelected(word, name);
  }
  const sharedRules = rulesIn(parseAllow(all));
  const allowOf = (instance: string, rules: Rules): Allow => {
    const known = new Set(rules.map(({ name }) => name));
    const shared = all.filter((word) => [...rulesIn(parseAllow([word]))].every((rule) => known.has(rule)));
    // The highest number of a code counts and rule names add up, as for a single instance.
    return parseAllow([...shared, ...(byName.get(instance) ?? [])]);
  };
  return Object.assign(allowOf, { sharedRules });
}

/** The same, without rules that an instance is allowed by name and `rules` does not contain. */
export function onlyOwnRules(allowOf: AllowOf): AllowOf {
  const own = (instance: string, rules: Rules): Allow => {
    const allow = allowOf(instance, rules);
    const names = rules.map(({ name }) => name).filter((name) => rulesIn(allow).has(name));
    return allow.has('rule') ? new Map([...allow, ['rule', new Set(names)]]) : allow;
  };
  return Object.assign(own, { sharedRules: allowOf.sharedRules });
}

/** Raises `usage` if no selected instance has a rule that is allowed for all: it is probably a typo. */
export function refuseUnknownRules({ sharedRules }: AllowOf, known: ReadonlySet<string>): void {
  for (const name of sharedRules) {
    if (known.has(name)) continue;
    throw usage(
      `--allow rule=${name} names no rule of any selected instance`,
      known.size > 0 ? `their rules are ${[...known].sort(byCodeUnit).join(', ')}` : 'they have no rules',
    );
  }
}

function rulesIn(allow: Allow): ReadonlySet<string> {
  const rules = allow.get('rule');
  return typeof rules === 'object' && rules !== null ? rules : new Set();
}

function forAll(rest: string): string {
  const code = rest.split('=')[0] ?? rest;
  if (!NAMED_GUARDS.has(code)) return rest;
  throw usage(
    `--allow ${code} needs the name of an instance`,
    `write --allow NAME:${code}, or --allow '*:${code}' for all`,
  );
}

function notSelected(word: string, name: string): ProblemError {
  return usage(
    `--allow ${quotedName(word)}: the instance ${quotedName(name)} is not selected`,
    'use a selected instance, or leave the name out for all of them',
  );
}

function usage(message: string, hint: string): ProblemError {
  return usageError(message, { what: '--allow', hint });
}
