import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { buildOutcome, emptyPlan, fullDrift, fullPlan } from '../support/plan-builder.js';
import { hostileNames } from '../support/plan-changes.js';
import { hugePlan, hugeSnapshot } from '../support/huge-plan.js';

const NAMES = ['plan', 'drift', 'outcome', 'snapshot', 'validation', 'error'] as const;

const read = (name: string): Record<string, unknown> => {
  const path = fileURLToPath(new URL(`../../schemas/${name}.v1.schema.json`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
};

const compile = (name: (typeof NAMES)[number]): ValidateFunction => {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  formats.default(ajv);
  return ajv.compile(read(name));
};

const validators = new Map<string, ValidateFunction>();

/** The errors of a document after a JSON round trip, as short lines. */
const errors = (name: (typeof NAMES)[number], document: unknown): string[] => {
  const validate = validators.get(name) ?? compile(name);
  validators.set(name, validate);
  validate(JSON.parse(JSON.stringify(document)));
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
};

const SNAPSHOT = {
  formatVersion: 1,
  kind: 'snapshot',
  takenAt: '2026-01-31T08:15:00.000Z',
  ...hugeSnapshot({ roles: 4, grants: 9, people: 12 }),
};
const PROBLEM = {
  code: 'unknown-key',
  severity: 'error',
  message: 'no',
  file: 'a.yaml',
  line: 1,
  column: 1,
  hint: null,
};

/** Every object of a schema with its path. */
function objects(schema: unknown, path = ''): [string, Record<string, unknown>][] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = schema as Record<string, unknown>;
  const inner = Object.entries(own).flatMap(([key, value]) => objects(value, `${path}/${key}`));
  return own['properties'] === undefined || typeof own['type'] === 'undefined'
    ? inner
    : [[path, own], ...inner];
}

describe.each(NAMES)('the schema of %s', (name) => {
  it('compiles in strict mode and contains its id', () => {
    expect(() => compile(name)).not.toThrow();
    expect(read(name)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `https://domo-roles.dev/schemas/${name}.v1.schema.json`,
      title: `domo-roles ${name}`,
    });
  });

  it('closes and describes every object', () => {
    for (const [path, object] of objects(read(name))) {
      expect([path, object['additionalProperties']]).toEqual([path, false]);
      expect([path, typeof object['description']]).toEqual([path, 'string']);
    }
  });
});

describe('documents', () => {
  it.each([
    ['plan', 'an empty plan', emptyPlan()],
    ['plan', 'a full plan', fullPlan()],
    ['plan', 'a plan of hostile names', fullPlan(hostileNames('</script>\u0000\ud800'))],
    ['plan', 'a huge plan', hugePlan({ roles: 20, grants: 30, people: 40 })],
    ['drift', 'full drift', fullDrift()],
    ['outcome', 'an outcome', buildOutcome()],
    ['snapshot', 'a snapshot', SNAPSHOT],
    ['snapshot', 'a snapshot without a person', { ...SNAPSHOT, me: null, allowlist: [1, 5] }],
    [
      'validation',
      'a validation',
      {
        formatVersion: 1,
        kind: 'validation',
        valid: false,
        files: ['a.yaml'],
        summary: { errors: 1, warnings: 0 },
        problems: [PROBLEM],
      },
    ],
    [
      'error',
      'an error',
      { formatVersion: 1, kind: 'error', problems: [PROBLEM], refusals: fullPlan().refusals },
    ],
  ] as const)('match the schema of %s: %s', (name, _what, document) => {
    expect(errors(name, document)).toEqual([]);
  });

  it.each([
    ['plan', 'another format', { ...fullPlan(), formatVersion: 2 }],
    ['plan', 'another kind', { ...fullPlan(), kind: 'drift' }],
    ['plan', 'a key too many', { ...fullPlan(), token: 'x' }],
    ['plan', 'a change of no kind', { ...fullPlan(), changes: [{ kind: 'role.explode' }] }],
    ['drift', 'refusals', { ...fullDrift(), refusals: [] }],
    ['drift', 'changes without by and at', { ...fullDrift(), changes: fullPlan().changes }],
    [
      'outcome',
      'an unknown status',
      { ...buildOutcome(), changes: [{ ...buildOutcome().changes[0], status: 'maybe' }] },
    ],
    ['snapshot', 'no time', { ...SNAPSHOT, takenAt: undefined }],
    ['validation', 'no problems', { formatVersion: 1, kind: 'validation', valid: true, files: [] }],
    ['error', 'no refusals', { formatVersion: 1, kind: 'error', problems: [PROBLEM] }],
  ] as const)('do not match the schema of %s with %s', (name, _what, document) => {
    expect(errors(name, document)).not.toEqual([]);
  });
});
