import { checkManifestSchema } from '../schema/check-manifest.js';
import type { SchemaIssue } from '../schema/schema.js';
import type { ProblemCode } from '../problem/codes.js';
import { problem, type Problem } from '../problem/problem.js';
import { entryOf, placeOf, plainOf, type Said } from './said.js';
import { keysAt, MUST_BE, placeForm, SAY_EMPTY, wordsAt } from './shape-words.js';
import { didYouMean } from './suggest.js';

/** One issue with the place that it is about. */
interface Finding {
  issue: SchemaIssue;
  keys: (string | number)[];
  form: string;
  said: Said;
  root: Said;
}

/** More problems of one file's form are counted, not told one by one. */
const MOST_TOLD = 10_000;

/** Compares one file with the schema: unknown and missing keys, values of the wrong form. Every problem at once. */
export function checkShape(root: Said): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  const issues = checkManifestSchema(plainOf(root));
  for (const issue of issues) {
    const { keys, said } = follow(root, issue.path);
    if (problems.length === MOST_TOLD) {
      const message = `there are ${issues.length - issues.indexOf(issue)} more problems of form in this file`;
      problems.push(problem('bad-value', message, { where: placeOf(root, keys).at }));
      break;
    }
    const one = problemOf({ issue, keys, form: placeForm(keys), said, root });
    // A value that breaks two rules of its form is told once.
    const id = JSON.stringify([one.code, one.message, one.where?.line, one.where?.column]);
    if (!seen.has(id)) problems.push(one);
    seen.add(id);
  }
  return problems;
}

function follow(root: Said, pointer: string): { keys: (string | number)[]; said: Said } {
  const keys: (string | number)[] = [];
  let said = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next: Said | undefined = said.kind === 'list' ? said.items[Number(key)] : entryOf(said, key)?.value;
    if (!next) break;
    keys.push(said.kind === 'list' ? Number(key) : key);
    said = next;
  }
  return { keys, said };
}

function problemOf(finding: Finding): Problem {
  const { issue, said, keys, form, root } = finding;
  const where = placeOf(root, keys).at;
  if (issue.keyword === 'additionalProperties') return unknownKey(finding);
  if (issue.keyword === 'required') {
    const key = String(issue.params['missingProperty']);
    const message = `${keys.length === 0 ? 'the file' : subject(finding)} lacks the key ${quoted(key)}`;
    const hint =
      wordsAt(`${form}/${key}`).length === 1 ? `add ${key}: ${wordsAt(`${form}/${key}`)[0]}` : null;
    return problem('missing-key', message, {
      where: { ...where, endLine: where.line, endColumn: where.column },
      hint,
    });
  }
  if (issue.key !== null) return badName(finding, issue.key);
  if (issue.keyword === 'false schema') {
    return problem('bad-value', `${subject(finding)} has no meaning beside this "what"`, {
      where,
      hint: 'take it out',
    });
  }
  if (said.kind === 'scalar' && said.value === null) {
    const hint = SAY_EMPTY[form] ?? 'give it a value, or leave the key out';
    return problem('empty-value', `${subject(finding)} has no value`, { where, hint });
  }
  if (issue.keyword === 'minItems') {
    return problem('empty-value', `${subject(finding)} is an empty list`, {
      where,
      hint: SAY_EMPTY[form] ?? null,
    });
  }
  const message = `${subject(finding)} must be ${MUST_BE[form] ?? 'something else'}`;
  return problem(codeAt(form), message, { where, hint: valueHint(said, form) });
}

function unknownKey({ issue, said, form, keys, root }: Finding): Problem {
  const key = String(issue.params['additionalProperty']);
  const where = entryOf(said, key)?.keyAt ?? placeOf(root, keys).at;
  const known = keysAt(form);
  const hint = didYouMean(key, known) ?? (known.length > 0 ? `known here: ${known.join(', ')}` : null);
  return problem('unknown-key', `the key ${quoted(key)} is not known here`, { where, hint });
}

function badName({ said, form }: Finding, key: string): Problem {
  const where = entryOf(said, key)?.keyAt ?? said.at;
  const what = form === '/roles' ? 'role' : 'grant set';
  const wrong = /\S/u.test(key)
    ? key.length > 1000
      ? `is longer than 1000 characters`
      : 'holds control characters'
    : 'is blank';
  const shown = key.length > 100 ? `${quoted(key.slice(0, 100))}…` : quoted(key);
  return problem('bad-value', `the name ${shown} of a ${what} ${wrong}`, { where });
}

function codeAt(form: string): ProblemCode {
  if (/^\/policy\/(minAdmins|max[A-Za-z]+)$/u.test(form)) return 'bad-limit';
  return form === '/policy/acceptedDrift/#/until' ? 'bad-date' : 'bad-value';
}

function valueHint(said: Said, form: string): string | null {
  if (said.kind === 'map' && form.endsWith('/#')) return 'a list item with a colon in it is read as a map';
  if (said.kind !== 'scalar') return null;
  const words = wordsAt(form);
  if (typeof said.value === 'string') {
    if (form.endsWith('/id') && /^[0-9]+$/u.test(said.value)) return 'write it without quotes';
    return didYouMean(said.value, words);
  }
  const isPerson = MUST_BE[form]?.startsWith('an e-mail address') ?? false;
  if (isPerson && typeof said.value === 'number') return `for a user id write "id: ${said.value}"`;
  const wantsText = /name of a|path|text|sentence|grant, such|day, such/u.test(MUST_BE[form] ?? '');
  return wantsText ? `put it in quotes: "${String(said.value)}"` : null;
}

/** The thing that a message is about: its key, or the value itself in a list, and the role it belongs to. */
function subject({ keys, said }: Finding): string {
  const last = keys.at(-1);
  const isRole = keys[0] === 'roles' && keys.length === 2;
  const inRole = keys[0] === 'roles' && keys.length > 2 ? ` of role ${quoted(String(keys[1]))}` : '';
  if (last === undefined) return 'the file';
  if (isRole) return `role ${quoted(String(last))}`;
  if (typeof last === 'string') return `${quoted(last)}${inRole}`;
  const list = keys.findLast((key) => typeof key === 'string');
  const shown = said.kind === 'scalar' && said.value !== null ? ` (${short(said.value)})` : '';
  return `item ${last + 1}${shown} in ${quoted(String(list))}${inRole}`;
}

function short(value: string | number | boolean): string {
  const text = typeof value === 'string' ? quoted(value.slice(0, 80)) : String(value);
  return typeof value === 'string' && value.length > 80 ? `${text}…` : text;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
