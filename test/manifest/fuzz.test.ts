import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CODES } from '../../src/problem/codes.js';
import { parseCatalogue } from '../../src/manifest/catalogue-file.js';
import { buildManifest } from '../../src/manifest/build/build-manifest.js';
import { readMembersText } from '../../src/manifest/members/members-file.js';
import { ProblemError } from '../../src/problem/problem.js';
import { problemsText } from '../../src/render/text/problems.js';
import { checkText, HEAD } from './support.js';
import { inputs } from '../support/law.js';
import { anyText } from '../support/any-text.js';

const GOLDEN = join(dirname(fileURLToPath(import.meta.url)), 'golden');
const WHOLE = readFileSync(join(GOLDEN, 'whole/domo-roles.yaml'), 'utf8');
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** For any text, returns a manifest, or problems whose places exist in the text. */
function survives(text: string): void {
  const { problems, draft } = checkText(text);
  const lines = text.split('\n').length;
  for (const { code, where } of problems) {
    expect(Object.hasOwn(CODES, code)).toBe(true);
    expect(where?.line).toBeGreaterThanOrEqual(1);
    expect(where?.line).toBeLessThanOrEqual(lines);
    expect(where?.column).toBeGreaterThanOrEqual(1);
  }
  if (!problems.some(({ severity }) => severity === 'error')) {
    if (!draft) throw new Error('neither a problem nor a manifest');
    expect(buildManifest(draft, [])).toHaveProperty('roles');
  }
  const shown = problemsText(problems, { sources: new Map([['m.yaml', text]]), colour: false });
  expect(shown).not.toMatch(UNSEEN);
}

const unusualValue = fc.oneof(
  anyText({ maxLength: 12 }),
  fc.constantFrom(
    '[',
    '{',
    '&a ',
    '*a',
    '<<: *a',
    '!!binary ',
    '? ',
    '- ',
    '\t',
    '\u{0}',
    '\u{2028}',
    '"',
    "'",
    '|\n',
    '>-\n',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '__proto__: ',
    ': ',
    '#',
    '~',
    '0o17',
    '.nan',
    '-.inf',
    '1e999',
    '\r',
  ),
);

describe('loading any text', () => {
  it('returns problems or a manifest for random text', () => {
    fc.assert(fc.property(anyText({ maxLength: 200 }), survives), { numRuns: inputs(100) });
  });

  it('returns problems or a manifest for mutated manifests', () => {
    const edit = fc.record({ at: fc.nat(WHOLE.length), drop: fc.nat(30), put: unusualValue });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
        let text = WHOLE;
        for (const { at, drop, put } of edits) text = text.slice(0, at) + put + text.slice(at + drop);
        survives(text);
      }),
      { numRuns: inputs(120) },
    );
  });

  it('returns problems or a manifest for any value at any key', () => {
    const paths = [...WHOLE.matchAll(/^( *)([A-Za-z ]+):/gmu)].map(
      ([, indent = '', key = '']) => `${indent}${key}`,
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.json({ maxDepth: 4 }), (path, json) => {
        survives(WHOLE.replace(new RegExp(`^${path}:.*$`, 'mu'), () => `${path}: ${json}`));
      }),
      { numRuns: inputs(100) },
    );
  });

  it('returns problems or a manifest for any JSON next to the header', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) =>
        survives(`${HEAD}roles: ${json}\npolicy: ${json}\nremoved: ${json}`),
      ),
      { numRuns: inputs(100) },
    );
  });

  it('as a members file never quotes it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(unusualValue, fc.constant('ana@acme.com'))), (words) => {
        const { listed, problems } = readMembersText(words.join('\n'), 'm.txt');
        for (const { ref } of listed) expect('id' in ref ? ref.id > 0 : ref.email.includes('@')).toBe(true);
        for (const { message } of problems)
          expect(message).toMatch(
            /^(line \d+|\d+ more lines?) of this members file (is not an address|are not addresses)$/u,
          );
      }),
    );
  });

  it('as a catalogue returns a catalogue or a problem', () => {
    const isOne = (text: string): void => {
      try {
        expect(parseCatalogue(text, 'c.json').length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(ProblemError);
      }
    };
    fc.assert(fc.property(fc.json(), isOne));
    isOne('{"catalogue":'.repeat(100_000));
    isOne(`${'{"catalogue":'.repeat(5000)}[]${'}'.repeat(5000)}`);
    isOne('[{"__proto__": {"grant": "a.b"}}]');
  });
});

describe('a large manifest', () => {
  it('with five thousand people is read', () => {
    const people = Array.from({ length: 5_000 }, (_, n) => `      - person${n}@acme.com`);
    expect(checkText(`${HEAD}roles:\n  A:\n    members:\n${people.join('\n')}\n`).problems).toEqual([]);
  });

  it('with a thousand roles in one chain of from and renamedFrom is checked', () => {
    const roles = Array.from(
      { length: 1_000 },
      (_, n) => `  R${n}: {renamedFrom: [R${n + 1}], grants: {from: [R${n + 1}]}}`,
    );
    const ring = roles.concat('  R1000: {grants: {from: [R0]}}');
    expect(checkText(`${HEAD}roles:\n${ring.join('\n')}\n`).problems.map(({ code }) => code)).toEqual([
      'from-cycle',
    ]);
  });

  it('with too many problems of one kind reports their number', () => {
    const codes = (text: string): string[] => checkText(HEAD + text).problems.map(({ code }) => code);
    expect(codes('a: b\n'.repeat(5_000))).toHaveLength(1001 + 1);
    expect(codes(`removed: [${'[], '.repeat(11_000)}]`)).toHaveLength(10_001);
  });

  it('with two thousand wrong people is reported in full', () => {
    const people = Array.from({ length: 2_000 }, (_, n) => `      - ${n}`);
    expect(checkText(`${HEAD}roles:\n  A:\n    members:\n${people.join('\n')}\n`).problems).toHaveLength(
      2_000,
    );
  });
});
