import { quotedName } from '../../model/quoted-name.js';
import { didYouMean } from '../../model/suggest.js';
import type { ProblemCode } from '../../problem/codes.js';
import { problem, type Problem } from '../../problem/problem.js';
import { checkManifestSchema } from '../../schema/check-manifest.js';
import { pointerKeys, type SchemaIssue } from '../../schema/schema.js';
import {
  entryOf,
  isAmbiguousNumber,
  isUnknownAlias,
  placeOf,
  plainOf,
  startOfRange,
  type YamlValue,
  type YamlScalar,
} from '../yaml/yaml-values.js';
import { choicesAt } from './choices.js';
import { keysAt, expectedAt, EMPTY_HINTS } from './expected-values.js';
import { grantsByTitle, type GrantsByTitle } from './grant-titles.js';
import { otherVersion } from './other-version.js';
import { placeForm } from './place-form.js';
import { subject } from './subject.js';
import { emptyHint, valueHint } from './value-hint.js';

/** An issue with its place. */
interface Finding {
  issue: SchemaIssue;
  keys: (string | number)[];
  form: string;
  node: YamlValue;
  root: YamlValue;
  titles: GrantsByTitle;
}

/** Groups of keys of which a map needs one, by place. A missing group is one problem, however many keys it has. */
const ONE_OF: readonly { form: RegExp; keys: readonly string[]; lacks: string; hint: string }[] = [
  {
    form: /^\/(?:roles\/\*\/members(?:\/users|\/remove)?|policy\/(?:requiredAdmins|rules\/\*\/exceptPeople|acceptedDrift\/#\/people))\/#$/u,
    keys: ['email', 'id'],
    lacks: 'has neither an email nor an id',
    hint: 'add email: and an address, or id: and a user id',
  },
  {
    form: /^\/policy\/rules\/\*$/u,
    keys: ['grants', 'role'],
    lacks: 'has no subject',
    hint: 'add grants or role, or make it a rule of neverTogether alone',
  },
  {
    form: /^\/policy\/rules\/\*$/u,
    keys: ['onlyRoles', 'maxPeople', 'emails'],
    lacks: 'has no condition',
    hint: 'add maxPeople or emails, or beside grants onlyRoles',
  },
  {
    form: /^\/policy\/acceptedDrift\/#$/u,
    keys: ['people', 'roles'],
    lacks: 'names neither people nor roles',
    hint: 'add people or roles that may break the rule',
  },
];

/** The most schema problems reported per file; more are counted. */
const MOST_REPORTED = 10_000;

/** A schema, and the place forms of its files. */
export interface FileForm {
  check: (value: unknown) => SchemaIssue[];
  formOf: (keys: readonly (string | number)[]) => string;
}

const MANIFEST: FileForm = { check: checkManifestSchema, formOf: placeForm };

/** Checks a manifest against its schema: unknown and missing keys, values of the wrong form. Reports every problem. */
export function checkManifestForm(root: YamlValue, titles: GrantsByTitle = grantsByTitle()): Problem[] {
  return checkForm(root, MANIFEST, titles);
}

/** Checks a file against its schema. */
export function checkForm(
  root: YamlValue,
  { check, formOf }: FileForm,
  titles: GrantsByTitle = grantsByTitle(),
): Problem[] {
  return formProblems(root, { issues: formIssues(root, check), formOf }, titles);
}

/** The issues of a file by its schema. */
export function formIssues(root: YamlValue, check: FileForm['check']): SchemaIssue[] {
  return check(plainOf(root, checkable));
}

/** Turns issues of a file into problems with places. */
export function formProblems(
  root: YamlValue,
  { issues, formOf }: Pick<FileForm, 'formOf'> & { issues: readonly SchemaIssue[] },
  titles: GrantsByTitle = grantsByTitle(),
): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const issue of issues) {
    const { keys, node } = follow(root, issue.path);
    if (isUnknownAlias(node)) continue;
    if (problems.length === MOST_REPORTED) {
      const message = `there are ${issues.length - issues.indexOf(issue)} more problems in the structure of this file`;
      problems.push(problem('bad-value', message, { where: placeOf(root, keys).at }));
      break;
    }
    const one = problemOf({ issue, keys, form: formOf(keys), node, root, titles });
    // A value with two issues is reported once.
    const id = JSON.stringify([one.code, one.message, one.where?.line, one.where?.column]);
    if (!seen.has(id)) problems.push(one);
    seen.add(id);
  }
  return problems;
}

/** A number in an ambiguous notation is valid nowhere, neither as a number nor as a text. */
function checkable(scalar: YamlScalar): unknown {
  return isAmbiguousNumber(scalar) ? Number.NaN : scalar.value;
}

function follow(root: YamlValue, pointer: string): { keys: (string | number)[]; node: YamlValue } {
  const keys: (string | number)[] = [];
  let node = root;
  for (const key of pointerKeys(pointer)) {
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
  if (issue.keyword === 'required') return missingKey(finding);
  const version = otherVersion(node, { form, where });
  if (version) return version;
  if (issue.key !== null) return badName(finding, issue.key);
  if (issue.keyword === 'false schema') {
    return problem('bad-value', `${subject(finding)} ${notUsedHere(form)}`, { where, hint: 'remove it' });
  }
  if (node.kind === 'scalar' && node.value === null) {
    const hint = EMPTY_HINTS[form] ?? emptyHint(node, form) ?? fillHint(keys);
    return problem('empty-value', `${subject(finding)} has no value`, { where, hint });
  }
  if (issue.keyword === 'minItems' && node.kind === 'list' && node.items.length > 0) {
    const message = `${subject(finding)} has too few items: ${node.items.length}`;
    return problem('bad-value', message, { where, hint: `it must be ${expectedAt(form).text}` });
  }
  if (issue.keyword === 'minItems') {
    return problem('empty-value', `${subject(finding)} is an empty list`, {
      where,
      hint: EMPTY_HINTS[form] ?? null,
    });
  }
  const message = `${subject(finding)} must be ${expectedAt(form).text}`;
  return problem(codeAt(form), message, { where, hint: valueHint(node, form, titles) });
}

function fillHint(keys: readonly (string | number)[]): string {
  return `give it a value, or ${typeof keys.at(-1) === 'number' ? 'remove the item' : 'leave the key out'}`;
}

function missingKey(finding: Finding): Problem {
  const { issue, keys, form, root } = finding;
  const where = placeOf(root, keys).at;
  const key = String(issue.params['missingProperty']);
  const oneOf = ONE_OF.find((one) => one.form.test(form) && one.keys.includes(key));
  if (oneOf) return problem('missing-key', `${subject(finding)} ${oneOf.lacks}`, { where, hint: oneOf.hint });
  const message = `${keys.length === 0 ? 'the file' : subject(finding)} lacks the key ${quotedName(key)}`;
  const [choice, ...others] = choicesAt(`${form}/${key}`);
  return problem('missing-key', message, {
    where: startOfRange(where),
    hint: choice !== undefined && others.length === 0 ? `add ${key}: ${choice}` : null,
  });
}

function unknownKey({ issue, node, form, keys, root }: Finding): Problem {
  const key = String(issue.params['additionalProperty']);
  const where = entryOf(node, key)?.keyAt ?? placeOf(root, keys).at;
  const known = keysAt(form);
  const hint = didYouMean(key, known) ?? (known.length > 0 ? `known keys: ${known.join(', ')}` : null);
  return problem('unknown-key', `the key ${quotedName(key)} is not known here`, { where, hint });
}

/** Why a known key cannot be combined with the others. */
function notUsedHere(form: string): string {
  if (!form.startsWith('/policy/rules/*')) return 'is not used with this "what"';
  if (/\/except(Roles|People)$/u.test(form)) return 'is only used beside "neverTogether"';
  return form.endsWith('/onlyRoles')
    ? 'is only used beside "grants"'
    : 'is not used beside "neverTogether" or a second subject';
}

function badName({ node, form }: Finding, key: string): Problem {
  const where = entryOf(node, key)?.keyAt ?? node.at;
  const shown = key.length > 100 ? `${quotedName(key.slice(0, 100))}…` : quotedName(key);
  if (form === 'Fleet/instances/*/labels') {
    const hint = 'letters, digits, "_" and "-", beginning with a letter, at most 63 characters';
    return problem('bad-value', `${shown} is not a valid label name`, { where, hint });
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
