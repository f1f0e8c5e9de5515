import type { Problem } from '../problem/problem.js';
import type { ManifestDraft } from './draft.js';
import type { Rule } from './rules/rule.js';

/** What rules found in earlier drafts, by the roles of the draft: overlays of one base mostly leave them as they are. */
export type CheckedRules = WeakMap<ManifestDraft['roles'], Map<Rule, Checked>>;

/** What a rule found, and everything that it looked at. */
interface Checked {
  seen: readonly Seen[];
  problems: readonly Problem[];
}

/** A part of a draft, and its value when a rule looked at it. */
interface Seen {
  of: (draft: ManifestDraft) => unknown;
  value: unknown;
}

/** Nothing checked yet. */
export function openCheckedRules(): CheckedRules {
  return new WeakMap();
}

/** Checks a rule, unless all that it looked at in an earlier draft is the same in this one: then it finds the same. */
export function checkOnce(rule: Rule, draft: ManifestDraft, known: CheckedRules): readonly Problem[] {
  const rules = known.get(draft.roles) ?? new Map<Rule, Checked>();
  known.set(draft.roles, rules);
  const earlier = rules.get(rule);
  if (earlier?.seen.every(({ of, value }) => isSame(of(draft), value))) return earlier.problems;
  const seen = new Map<string, Seen>();
  const problems = rule.check(watched(draft, seen));
  rules.set(rule, { seen: [...seen.values()], problems });
  return problems;
}

/** A draft that notes each part of it that is looked at; of the policy, each key. */
function watched(draft: ManifestDraft, seen: Map<string, Seen>): ManifestDraft {
  const policy = watching(draft.policy, (key, value) =>
    seen.set(`policy ${key}`, { of: (one) => one.policy[key], value }),
  );
  const parts = watching(draft, (key, value) => {
    if (key !== 'policy') seen.set(key, { of: (one) => one[key], value });
  });
  return new Proxy(parts, { get: (of, key): unknown => (key === 'policy' ? policy : Reflect.get(of, key)) });
}

function watching<T extends object>(of: T, note: (key: keyof T & string, value: unknown) => void): T {
  return new Proxy(of, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      note(key as keyof T & string, value);
      return value;
    },
  });
}

/** The same object or value; of names in a set, the same names. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!(one instanceof Set) || !(other instanceof Set) || one.size !== other.size) return false;
  return [...one].every((name) => other.has(name));
}
