import { quotedName } from '../model/names.js';
import { parseAllow } from '../plan/guards/allow.js';
import type { Allow } from '../plan/guards/allow.js';
import { ProblemError, problem } from '../problem/problem.js';

/** Guards that no flag allows for all instances at once without saying so. */
const ONE_BY_ONE: ReadonlySet<string> = new Set([
  'escalation',
  'min-admins',
  'required-admins',
  'self-lockout',
]);

/** `acme:max-moves=40`, `*:escalation`, `max-moves=40`. */
const FORM = /^(?:([^:=]+):)?([^:]+)$/u;

/**
 * What each instance is allowed, by `--allow NAME:CODE[=N]`. Without a name it holds for all selected instances, but for
 * the guards that keep people from gaining or losing control of an instance: these want a name, or `*`.
 *
 * @throws ProblemError for an unknown code, a name that is not selected, or such a guard without a name.
 */
export function parseAllowOf(
  words: readonly string[],
  names: readonly string[],
): (instance: string) => Allow {
  const selected = new Set(names);
  const byName = new Map<string, string[]>();
  const all: string[] = [];
  for (const word of words) {
    const [, name, rest = word] = FORM.exec(word) ?? [];
    // Also finds what no code is.
    parseAllow([rest]);
    if (name === '*') all.push(rest);
    else if (name === undefined) all.push(forAll(rest));
    else if (selected.has(name)) byName.set(name, [...(byName.get(name) ?? []), rest]);
    else throw notSelected(word, name);
  }
  const shared = parseAllow(all);
  return (instance) => {
    const own = byName.get(instance);
    // Of several numbers for one code the highest counts, and names of rules add up, as on the single commands.
    return own === undefined ? shared : parseAllow([...all, ...own]);
  };
}

function forAll(rest: string): string {
  const code = rest.split('=')[0] ?? rest;
  if (!ONE_BY_ONE.has(code)) return rest;
  throw usage(
    `--allow ${code} needs the name of an instance`,
    `write --allow NAME:${code}, or --allow '*:${code}' for all`,
  );
}

function notSelected(word: string, name: string): ProblemError {
  return usage(
    `--allow ${quotedName(word)}: the instance ${quotedName(name)} is not selected`,
    'name a selected instance, or leave the name out for all of them',
  );
}

function usage(message: string, hint: string): ProblemError {
  return new ProblemError(problem('usage', message, { where: { what: '--allow' }, hint }));
}
