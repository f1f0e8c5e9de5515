import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { can, diffStates, explainPerson, viewOf, whoCan } from '../../src/access/index.js';
import { checkSchema } from '../support/check-schema.js';
import { liveRole, snapshotOf } from '../support/arbitraries.js';

const view = viewOf(snapshotOf({ custom: [liveRole(100, 'Alpha', ['a.view'])] }));
const ANSWERS = [whoCan(view, 'a.view'), can(view, '1', 'a.view'), diffStates(view, view)];

/** Every object of a schema that has properties, with its path. */
function objects(schema: unknown, path = ''): [string, Record<string, unknown>][] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.entries(schema).flatMap(([key, value]) => objects(value, `${path}/${key}`));
  const own = schema as Record<string, unknown>;
  return own['properties'] === undefined || own['type'] === undefined ? inner : [[path, own], ...inner];
}

describe.each(['answer', 'doctor', 'runs', 'outcome'] as const)('the schema of %s', (name) => {
  const path = fileURLToPath(new URL(`../../schemas/${name}.v1.schema.json`, import.meta.url));
  const schema = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

  it('has an $id, and closes and describes every object', () => {
    expect(schema).toMatchObject({
      $id: `https://domo-roles.dev/schemas/${name}.v1.schema.json`,
      title: `domo-roles ${name}`,
    });
    for (const [place, object] of objects(schema)) {
      expect([place, object['additionalProperties'], typeof object['description']]).toEqual([
        place,
        false,
        'string',
      ]);
    }
  });
});

describe('the schema of answers', () => {
  it.each(ANSWERS)(
    'accepts the answer to $question, and refuses it as the answer to another question',
    (answer) => {
      expect(checkSchema('answer', answer)).toEqual([]);
      for (const { question } of ANSWERS.filter((other) => other !== answer))
        expect(checkSchema('answer', { ...answer, question })).not.toEqual([]);
    },
  );

  it.each([
    ['an unknown key', { ...ANSWERS[0], token: 'x' }],
    ['another kind', { ...ANSWERS[1], kind: 'plan' }],
    ['an unknown format version', { ...ANSWERS[2], formatVersion: 2 }],
    ['an unknown question', { formatVersion: 1, kind: 'answer', question: 'why' }],
  ])('does not take %s', (_what, document) => {
    expect(checkSchema('answer', document)).not.toEqual([]);
  });

  it('accepts the details of a person, and refuses incomplete ones', () => {
    const answer = explainPerson(view, '1', null);
    const document = { formatVersion: 1, kind: 'answer', question: 'get person', answer };
    expect(checkSchema('answer', document)).toEqual([]);
    for (const key of Object.keys(answer))
      expect(checkSchema('answer', { ...document, answer: { ...answer, [key]: undefined } })).not.toEqual([]);
    expect(checkSchema('answer', { ...document, question: 'get people' })).not.toEqual([]);
  });
});
