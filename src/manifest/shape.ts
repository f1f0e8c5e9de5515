import { checkManifestSchema } from '../schema/check-manifest.js';
import { checkPolicySchema } from '../schema/check-policy.js';
import type { SchemaIssue } from '../schema/schema.js';
import type { ProblemCode } from '../problem/codes.js';
import { quotedName } from '../model/names.js';
import { problem, type Problem } from '../problem/problem.js';
import { entryOf, isOddNumber, placeOf, plainOf, type YamlValue, type YamlScalar } from './yaml-values.js';
import { keysAt, expectedAt, placeForm, policyPlaceForm, EMPTY_HINTS, choicesAt } from './expected-values.js';
import { didYouMean } from './suggest.js';
import { emptyHint, valueHint } from './value-hint.js';
import { grantsByTitle, type GrantsByTitle } from './grant-titles.js';

/** One issue with the place that it is about. */
interface Finding {
  issue: SchemaIssue;
  keys: (string | number)[];
  form: string;
  node: YamlValue;
  root: YamlValue;
  titles: GrantsByTitle;
}

/** An entry of a list of members. */
const MEMBER = /^\/roles\/\*\/members(?:\/users)?\/#$/u;

/** More problems of one file's form are counted, not reported one by one. */
const MOST_REPORTED = 10_000;

/** A schema, and the forms of the places in its files. */
export interface FileForm {
  check: (value: unknown) => SchemaIssue[];
  formOf: (keys: readonly (string | number)[]) => string;
}

const MANIFEST: FileForm = { check: checkManifestSchema, formOf: placeForm };
const POLICY: FileForm = { check: checkPolicySchema, formOf: policyPlaceForm };

/** Compares a manifest with its schema: unknown and missing keys, values of the wrong form. Every problem at once. */
export function checkShape(root: YamlValue, titles: GrantsByTitle = grantsByTitle()): Problem[] {
  return checkForm(root, MANIFEST, titles);
}

/** The same for a policy file. */
export function checkPolicyShape(root: YamlValue, titles: GrantsByTitle = grantsByTitle()): Problem[] {
  return checkForm(root, POLICY, titles);
}

/** Compares a file with its schema. */
export function checkForm(
  root: YamlValue,
  { check, formOf }: FileForm,
  titles: GrantsByTitle = grantsByTitle(),
): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  const issues = check(plainOf(root, checkable));
  for (const issue of issues) {
    const { keys, node } = follow(root, issue.path);
    if (problems.length === MOST_REPORTED) {
      const message = `there are ${issues.length - issues.indexOf(issue)} more problems of form in this file`;
      problems.push(problem('bad-value', message, { where: placeOf(root, keys).at }));
      break;
    }
    const one = problemOf({ issue, keys, form: formOf(keys), node, root, titles });
    // A value that breaks two rules of its form is reported once.
    const id = JSON.stringify([one.code, one.message, one.where?.line, one.where?.column]);
    if (!seen.has(id)) problems.push(one);
    seen.add(id);
  }
  return problems;
}

/** A number that is written oddly fits no place: neither where a number is wanted nor where a text is. */
function checkable(scalar: YamlScalar): unknown {
  return isOddNumber(scalar) ? Number.NaN : scalar.value;
}

function follow(root: YamlValue, pointer: string): { keys: (string | number)[]; node: YamlValue } {
  const keys: (string | number)[] = [];
  let node = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next: YamlValue | undefined =
      node.kind === 'list' ? node.items[Number(key)] : entryOf(node, key)?.value;
    if (!next) break;
    keys.push(node.kind === 'list' ? Number(key) : key);
    node = next;
  }
  return { keys, node };
}

function problemOf(finding: Finding): Problem {
  const { issue, node, keys, form, root, titles } = finding;
  const where = placeOf(root, keys).at;
  if (issue.keyword === 'additionalProperties') return unknownKey(finding);
  if (issue.keyword === 'required') {
    if (MEMBER.test(form)) {
      const message = `${subject(finding)} has neither an email nor an id`;
      return problem('missing-key', message, {
        where,
        hint: 'add email: and an address, or id: and a user id',
      });
    }
    const key = String(issue.params['missingProperty']);
    const message = `${keys.length === 0 ? 'the file' : subject(finding)} lacks the key ${quoted(key)}`;
    const hint =
      choicesAt(`${form}/${key}`).length === 1 ? `add ${key}: ${choicesAt(`${form}/${key}`)[0]}` : null;
    return problem('missing-key', message, {
      where: { ...where, endLine: where.line, endColumn: where.column },
      hint,
    });
  }
  if (issue.key !== null) return badName(finding, issue.key);
  if (issue.keyword === 'false schema') {
    return problem('bad-value', `${subject(finding)} ${notUsedHere(form)}`, { where, hint: 'remove it' });
  }
  if (node.kind === 'scalar' && node.value === null) {
    const hint = EMPTY_HINTS[form] ?? emptyHint(node, form) ?? 'give it a value, or leave the key out';
    return problem('empty-value', `${subject(finding)} has no value`, { where, hint });
  }
  if (issue.keyword === 'minItems') {
    return problem('empty-value', `${subject(finding)} is an empty list`, {
      where,
      hint: EMPTY_HINTS[form] ?? null,
    });
  }
  const message = `${subject(finding)} must be ${expectedAt(form)}`;
  return problem(codeAt(form), message, { where, hint: valueHint(node, form, titles) });
}

function unknownKey({ issue, node, form, keys, root }: Finding): Problem {
  const key = String(issue.params['additionalProperty']);
  const where = entryOf(node, key)?.keyAt ?? placeOf(root, keys).at;
  const known = keysAt(form);
  const hint = didYouMean(key, known) ?? (known.length > 0 ? `known keys: ${known.join(', ')}` : null);
  return problem('unknown-key', `the key ${quoted(key)} is not known here`, { where, hint });
}

/** Why a key that is known is not used beside the others. */
function notUsedHere(form: string): string {
  if (!form.startsWith('/policy/rules/*')) return 'is not used with this "what"';
  if (/\/except(Roles|People)$/u.test(form)) return 'is only used beside "neverTogether"';
  return form.endsWith('/onlyRoles')
    ? 'is only used beside "grants"'
    : 'is not used beside "neverTogether" or a second subject';
}

function badName({ node, form }: Finding, key: string): Problem {
  const where = entryOf(node, key)?.keyAt ?? node.at;
  const shown = key.length > 100 ? `${quoted(key.slice(0, 100))}…` : quoted(key);
  if (form === 'Fleet/instances/*/labels') {
    const hint = 'letters, digits, "_" and "-", beginning with a letter, at most 63 characters';
    return problem('bad-value', `${shown} is no name of a label`, { where, hint });
  }
  if (form === '/policy/rules') {
    return problem('bad-value', `the name ${shown} of a rule is not 1 to 63 of a-z, 0-9 and hyphens`, {
      where,
    });
  }
  const what = form === '/roles' ? 'role' : 'grant set';
  const wrong = /\S/u.test(key)
    ? key.length > 1000
      ? `is longer than 1000 characters`
      : 'contains control characters'
    : 'is blank';
  return problem('bad-value', `the name ${shown} of a ${what} ${wrong}`, { where });
}

function codeAt(form: string): ProblemCode {
  if (/^\/policy\/(minAdmins|max[A-Za-z]+|rules\/\*\/maxPeople)$/u.test(form)) return 'bad-limit';
  return form.endsWith('/until') ? 'bad-date' : 'bad-value';
}

/** The thing that a message is about: its key, or the value itself in a list, and the role it belongs to. */
function subject({ keys, node }: Finding): string {
  const last = keys.at(-1);
  const isRole = keys[0] === 'roles' && keys.length === 2;
  const inRole = keys[0] === 'roles' && keys.length > 2 ? ` of role ${quoted(String(keys[1]))}` : '';
  if (last === undefined) return 'the file';
  if (isRole) return `role ${quoted(String(last))}`;
  if (typeof last === 'string') return `${quoted(last)}${inRole}`;
  const list = keys.findLast((key) => typeof key === 'string');
  const shown = node.kind === 'scalar' && node.value !== null ? ` (${short(node)})` : '';
  return `item ${last + 1}${shown} in ${quoted(String(list))}${inRole}`;
}

function short(node: YamlScalar): string {
  const isText = typeof node.value === 'string';
  const cut = node.source.length > 80;
  const text = node.source.slice(0, 80);
  return `${isText ? quoted(text) : text}${cut ? '…' : ''}`;
}

function quoted(text: string): string {
  return quotedName(text);
}
