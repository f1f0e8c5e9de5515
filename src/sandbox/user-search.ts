import { asId, refuse, type Call } from './answers.js';
import { pageOf } from './paging.js';
import { cachedList } from './list-cache.js';
import type { SandboxUser } from './state.js';
import type { Tables } from './tables.js';
import { attributeOf, attributeRows, shownAttributes, userRow } from './user-rows.js';

type Fields = Record<string, unknown>;

/**
 * Searches people and returns them with their total. `count: true` returns only the total, `showCount: false` only the people.
 * `includeDeleted: false` and `includeSupport: false` leave out these accounts; system accounts are always included.
 */
export function searchUsers(call: Call, body: Fields): Fields {
  const page = pageOf(body, call.quirks.userPageCap);
  const asked = {
    attributes: textList(body.attributes, 'attributes'),
    parts: textList(body.parts, 'parts'),
  };
  const matching = matchingUsers(call.world.view(), body);
  const shown = flag(body.count, 'count') === true ? [] : matching;
  const users = shown.slice(page.offset, page.offset + page.limit).map((user) => ({
    ...userRow(user),
    attributes: attributeRows(user, shownAttributes(user, asked), call.quirks),
  }));
  return flag(body.showCount, 'showCount') === false ? { users } : { count: matching.length, users };
}

function matchingUsers(tables: Tables, body: Fields): readonly SandboxUser[] {
  const tests = [...accountTests(body), ...filterTests(body)];
  const order = sortOrder(body.sort);
  const { filters, ids, includeDeleted, onlyDeleted, includeSupport } = body;
  const key = JSON.stringify([filters, ids, includeDeleted, onlyDeleted, includeSupport, body.sort]);
  return cachedList(tables, `search ${key}`, () => {
    const candidates = idList(body.ids) ?? tables.userIds();
    const users = candidates
      .flatMap((id) => tables.user(id) ?? [])
      .filter((user) => tests.every((test) => test(user)));
    return order ? users.sort(order) : users;
  });
}

type Test = (user: SandboxUser) => boolean;

function accountTests(body: Fields): Test[] {
  const tests: Test[] = [];
  const onlyDeleted = flag(body.onlyDeleted, 'onlyDeleted') ?? false;
  if (onlyDeleted) tests.push((user) => user.deleted);
  else if (flag(body.includeDeleted, 'includeDeleted') === false) tests.push((user) => !user.deleted);
  if (flag(body.includeSupport, 'includeSupport') === false) tests.push((user) => !user.isSupport);
  return tests;
}

function filterTests(body: Fields): Test[] {
  const { filters } = body;
  if (filters === undefined || filters === null) return [];
  if (!Array.isArray(filters)) refuse(400, 'filters is a list');
  return (filters as unknown[]).map((filter) => {
    if (typeof filter !== 'object' || filter === null) refuse(400, 'a filter is an object');
    const { filterType, field, text, values, operator } = filter as Fields;
    if (field !== undefined && typeof field !== 'string') refuse(400, 'the field of a filter is text');
    if (filterType === 'text') return textTest(field, text);
    if (filterType === 'value' && field !== undefined) return valueTest(field, values, operator);
    return refuse(400, 'the filterType of a filter is text or value');
  });
}

/** Matches the text anywhere in a field, in any case. Clients search several addresses at once, separated by blanks. */
function textTest(field: string | undefined, text: unknown): Test {
  if (typeof text !== 'string') refuse(400, 'a text filter has a text');
  const whole = text.toLowerCase();
  const wanted = [whole, ...whole.split(/\s+/).filter((word) => word.includes('@'))];
  const fields = field === undefined ? ['displayName', 'emailAddress'] : [field];
  return (user) =>
    fields.some((name) => {
      const value = String(attributeOf(user, name) ?? '').toLowerCase();
      return wanted.some((word) => value.includes(word));
    });
}

function valueTest(field: string, values: unknown, operator: unknown): Test {
  if (!Array.isArray(values)) refuse(400, 'a value filter has values');
  const wanted = new Set((values as unknown[]).map(String));
  const isIn: Test = (user) => wanted.has(String(attributeOf(user, field)));
  switch (operator ?? 'EQ') {
    case 'EQ':
    case 'EQUALS':
    case 'IN':
      return isIn;
    case 'NE':
    case 'NOT_EQUALS':
    case 'NOT_IN':
      return (user) => !isIn(user);
    default:
      return refuse(400, 'the operator of a value filter is EQ or NE');
  }
}

function sortOrder(sort: unknown): ((a: SandboxUser, b: SandboxUser) => number) | null {
  if (sort === undefined || sort === null) return null;
  if (typeof sort !== 'object' || Array.isArray(sort))
    refuse(400, 'sort is an object with a field and an order');
  const { field, order } = sort as Fields;
  if (typeof field !== 'string') return null;
  const sign = order === 'DESC' ? -1 : 1;
  return (a, b) => {
    const [left, right] = [attributeOf(a, field), attributeOf(b, field)];
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right) || a.id - b.id;
    const [leftText, rightText] = [String(left ?? ''), String(right ?? '')];
    return leftText < rightText ? -sign : leftText > rightText ? sign : a.id - b.id;
  };
}

/** Reads a flag. Clients send `true` as well as `"true"`. */
function flag(value: unknown, name: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return refuse(400, `${name} is true or false`);
}

function idList(value: unknown): number[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) refuse(400, 'ids is a list of user ids');
  const ids = (value as unknown[]).map((id) => asId(id) ?? refuse(400, 'ids is a list of user ids'));
  return ids.length === 0 ? null : [...new Set(ids)];
}

function textList(value: unknown, name: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string'))
    refuse(400, `${name} is a list of names`);
  return value;
}
