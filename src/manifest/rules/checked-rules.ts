import type { Problem } from '../../problem/problem.js';
import type { ManifestDraft } from '../draft/draft.js';
import type { Rule } from './rule.js';

/** Results of rules for earlier drafts, by the draft's roles: overlays of one base share most of them. */
export type CheckedRules = WeakMap<ManifestDraft['roles'], Map<Rule, Checked>>;

/** The problems of a rule, and every part of the draft that it read. */
interface Checked {
  seen: readonly Seen[];
  problems: readonly Problem[];
}

/** A part of a draft, and its value when a rule read it. */
interface Seen {
  of: (draft: ManifestDraft) => unknown;
  value: unknown;
}

/** Opens an empty cache. */
export function openCheckedRules(): CheckedRules {
  return new WeakMap();
}

/** Checks a rule, or returns its earlier problems if everything that it read then is the same in this draft. */
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

/** Wraps a draft to record each part that is read, and each key of the policy. */
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

/** Is this the same object or value, or a set of the same names? */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!(one instanceof Set) || !(other instanceof Set) || one.size !== other.size) return false;
  return [...one].every((name) => other.has(name));
}
