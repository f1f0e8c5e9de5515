import { parse } from 'yaml';

/** A step of a workflow. */
export interface Step {
  id?: string;
  name?: string;
  if?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

/** A job of a workflow: steps, or another workflow that it calls. */
export interface Job {
  needs?: string | string[];
  if?: string;
  uses?: string;
  with?: Record<string, string>;
  environment?: string;
  outputs?: Record<string, string>;
  strategy?: { 'fail-fast'?: boolean; matrix?: string };
  steps?: Step[];
}

export interface Workflow {
  concurrency?: { group: string; 'cancel-in-progress'?: boolean };
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

/** The contexts of the expressions of a job, by name. */
export type Contexts = Readonly<Record<string, unknown>>;

type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** Reads a workflow. */
export function workflowOf(text: string): Workflow {
  return parse(text) as Workflow;
}

/** A text with its expressions replaced, or the value of a text that is a single expression. */
export function resolved(text: unknown, contexts: Contexts, functions: Functions = {}): unknown {
  if (typeof text !== 'string') return text;
  const alone = /^\$\{\{((?:(?!\}\}).)*)\}\}$/su.exec(text)?.[1];
  if (alone !== undefined) return evaluate(alone, contexts, functions);
  return text.replaceAll(/\$\{\{(.*?)\}\}/gsu, (_, code: string) =>
    asText(evaluate(code, contexts, functions)),
  );
}

/** The value of an `if:` condition, which needs no braces. */
export function holds(condition: string | undefined, contexts: Contexts, functions: Functions): boolean {
  if (condition === undefined) return functions.success?.() === true;
  const code = condition.replace(/^\$\{\{(.*)\}\}$/su, '$1');
  const usesStatusFunction = /\b(?:always|cancelled|failure|success)\(\)/u.test(code);
  if (!usesStatusFunction && functions.success?.() !== true) return false;
  return Boolean(evaluate(code, contexts, functions));
}

/** A value as GitHub inserts it into a text. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Works out an expression of GitHub: names with dots and brackets, texts, numbers, calls, `!`, `==`, `!=`, `>`, `&&`
 * and `||`. Anything else is an error of the test.
 */
function evaluate(code: string, contexts: Contexts, functions: Functions): unknown {
  const tokens = code.match(/'(?:[^']|'')*'|\d+|[\w-]+|&&|\|\||[!=]=|[!>().,[\]]/gu) ?? [];
  let at = 0;
  const take = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  };
  const must = (token: string): void => {
    if (!take(token)) throw new Error(`no ${token} in ${code}`);
  };
  const either = (): unknown => {
    let value = both();
    while (take('||')) {
      const right = both();
      value = value ? value : right;
    }
    return value;
  };
  const both = (): unknown => {
    let value = compared();
    while (take('&&')) {
      const right = compared();
      value = value ? right : value;
    }
    return value;
  };
  const compared = (): unknown => {
    const left = single();
    if (take('==')) return asText(left) === asText(single());
    if (take('!=')) return asText(left) !== asText(single());
    if (take('>')) return Number(left) > Number(single());
    return left;
  };
  const single = (): unknown => {
    if (take('!')) return !single();
    if (take('(')) {
      const value = either();
      must(')');
      return value;
    }
    const token = tokens[at] ?? '';
    at += 1;
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d+$/u.test(token)) return Number(token);
    if (token === 'null' || token === 'true' || token === 'false') return JSON.parse(token) as unknown;
    return below(take('(') ? called(token) : contextOf(token));
  };
  const contextOf = (name: string): unknown => {
    if (!Object.hasOwn(contexts, name)) throw new Error(`no ${name} for ${code}`);
    return contexts[name];
  };
  const called = (name: string): unknown => {
    const args: unknown[] = [];
    while (!take(')')) {
      args.push(either());
      take(',');
    }
    if (name === 'fromJSON') return JSON.parse(asText(args[0])) as unknown;
    const found = functions[name];
    if (!found) throw new Error(`no ${name}() for ${code}`);
    return found(...args);
  };
  const below = (value: unknown): unknown => {
    if (take('.')) return below(property(value, tokens[(at += 1) - 1] ?? ''));
    if (!take('[')) return value;
    const key = asText(either());
    must(']');
    return below(property(value, key));
  };
  const value = either();
  if (at < tokens.length) throw new Error(`${tokens[at]} is left of ${code}`);
  return value;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? ((value as Record<string, unknown>)[name] ?? null)
    : null;
}
