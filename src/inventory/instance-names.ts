import { quotedName } from '../model/quoted-name.js';
import { problem, type Problem } from '../problem/problem.js';
import type { SourceRange } from '../manifest/yaml/yaml-values.js';

/** A DNS label in lower case. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;

/** Is this a valid instance name? */
export function isInstanceName(text: string): boolean {
  return NAME.test(text);
}

/** Returns the problem of an invalid name; null for a valid one. An inventory holds names, never addresses. */
export function nameProblem({ value, at }: SourceRange<string>): Problem | null {
  if (isInstanceName(value)) return null;
  return problem('bad-instance', `${quotedName(value)} is not a valid instance name`, {
    where: at,
    hint: hintFor(value),
  });
}

function hintFor(value: string): string {
  const host = value
    .trim()
    .replace(/^[a-z]+:\/\//iu, '')
    .replace(/[/:].*$/u, '')
    .toLowerCase()
    .replace(/\.domo\.com$/u, '');
  return isInstanceName(host) && host !== value
    ? `write ${host}: an inventory holds names, not addresses`
    : 'for https://acme.domo.com write acme: lower-case letters, digits and "-", at most 63 characters';
}
