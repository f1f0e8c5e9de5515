import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CODES, type ProblemCode } from '../../src/problem/codes.js';
import { problem, warning, type Problem } from '../../src/problem/problem.js';
import { problemsGithub } from '../../src/render/ci/problems-github.js';
import { problemsJson } from '../../src/render/ci/problems-json.js';
import { problemsSarif } from '../../src/render/ci/problems-sarif.js';
import { problemsText } from '../../src/render/text/problems.js';
import { checkSchema } from '../support/check-schema.js';
import { anyText } from '../support/any-text.js';

const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const ESCAPE = '\u{1b}';

const TWO: Problem[] = [
  problem('unknown-key', 'the key "a" is not known here', {
    where: { file: 'x/m.yaml', line: 2, column: 3, endLine: 2, endColumn: 4 },
    hint: 'did you mean "b"?',
  }),
  warning('feature-off', 'it may be off', { where: { what: 'role "A"' } }),
];

const hostile = fc.oneof(
  anyText({ maxLength: 40 }),
  fc.constantFrom(
    '::error::x',
    '%0A::warning::',
    '\n::set-output name=x::y',
    `${ESCAPE}[2J`,
    '\u{202e}',
    '</script>',
    '```',
    '\r',
    'a,b:c%',
  ),
);
const anyProblem: fc.Arbitrary<Problem> = fc
  .record({
    code: fc.constantFrom(...(Object.keys(CODES) as ProblemCode[])),
    severity: fc.constantFrom('error' as const, 'warning' as const),
    message: hostile,
    hint: hostile,
    where: fc.record({
      file: hostile,
      line: fc.integer({ min: 1, max: 9 }),
      column: fc.integer({ min: 1, max: 99 }),
    }),
  })
  .map((one) => ({
    ...one,
    where: { ...one.where, endLine: one.where.line, endColumn: one.where.column + 3 },
  }));

describe('problems as text', () => {
  it('have a place, code, message, source lines, hint and count', () => {
    const sources = new Map([['x/m.yaml', 'one\n  a: 1\nthree\n']]);
    expect(problemsText(TWO, { sources, colour: false })).toBe(
      [
        'x/m.yaml:2:3  unknown-key  the key "a" is not known here',
        '  1 | one',
        '> 2 |   a: 1',
        '    |   ^',
        '  3 | three',
        '  hint: did you mean "b"?',
        '',
        'role "A"  feature-off  it may be off',
        '',
        '1 error, 1 warning',
        '',
      ].join('\n'),
    );
    expect(problemsText([], { sources, colour: false })).toBe('');
  });

  it('show no line of a file that was not passed in', () => {
    expect(problemsText(TWO, { colour: false })).not.toContain('|');
  });

  it('are colored only when requested', () => {
    expect(problemsText(TWO, { colour: false })).not.toContain(ESCAPE);
    expect(problemsText(TWO, { colour: true })).toContain(`${ESCAPE}[31munknown-key`);
  });

  it('keep the caret below its place when the text before it is escaped or cut', () => {
    const line = `${'x'.repeat(500)}\t\u{202e}key: 1`;
    const where = { file: 'm', line: 1, column: 503, endLine: 1, endColumn: 506 };
    const text = problemsText([problem('unknown-key', 'x', { where })], {
      sources: new Map([['m', line]]),
      colour: false,
    });
    const [, shown = '', mark = ''] = text.split('\n');
    expect(shown).toMatch(/…x+\\t\\u\{202e\}key: 1$/u);
    expect(shown.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('key');
  });

  it('cannot be altered by the text they quote', () => {
    fc.assert(
      fc.property(anyProblem, hostile, (one, source) => {
        const sources = new Map([[one.where?.file ?? '', source]]);
        const text = problemsText([one], { sources, colour: false });
        expect(text).not.toMatch(UNSEEN);
        expect(text.split('\n')[0]).toContain(`  ${one.code}  `);
        expect(text.split('\n').length).toBeLessThanOrEqual(10);
      }),
    );
  });
});

describe('problems as JSON', () => {
  it('are one validation document with every key', () => {
    const document = JSON.parse(problemsJson(TWO, ['x/m.yaml'])) as unknown;
    expect(document).toEqual({
      formatVersion: 1,
      kind: 'validation',
      valid: false,
      files: ['x/m.yaml'],
      summary: { errors: 1, warnings: 1 },
      problems: [
        {
          code: 'unknown-key',
          severity: 'error',
          message: TWO[0]?.message,
          file: 'x/m.yaml',
          line: 2,
          column: 3,
          hint: TWO[0]?.hint,
        },
        {
          code: 'feature-off',
          severity: 'warning',
          message: 'it may be off',
          file: null,
          line: null,
          column: null,
          hint: null,
        },
      ],
    });
  });

  it('match their schema, whatever they quote', () => {
    fc.assert(
      fc.property(fc.array(anyProblem), (problems) => {
        expect(checkSchema('validation', JSON.parse(problemsJson(problems, [])))).toEqual([]);
      }),
    );
  });
});

describe('problems as annotations', () => {
  it('are one command per line', () => {
    expect(problemsGithub(TWO)).toBe(
      [
        '::error file=x/m.yaml,line=2,endLine=2,col=3,endColumn=4,title=unknown-key::the key "a" is not known here (hint: did you mean "b"?)',
        '::warning title=feature-off::role "A": it may be off',
        '',
      ].join('\n'),
    );
    expect(problemsGithub([])).toBe('');
  });

  it('are escaped, so that quoted text is never a command or a property', () => {
    const where = { file: 'a,b:c%.yaml', line: 1, column: 1, endLine: 2, endColumn: 1 };
    expect(problemsGithub([problem('bad-value', '100%\n::error::x', { where })])).toBe(
      '::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=2,col=1,title=bad-value::100%25\\n::error::x\n',
    );
    fc.assert(
      fc.property(fc.array(anyProblem), (problems) => {
        const lines = problemsGithub(problems).split('\n').slice(0, -1);
        expect(lines).toHaveLength(problems.length);
        for (const [index, line] of lines.entries()) {
          expect(line).toMatch(
            /^::(error|warning) file=[^:,]*,line=\d+,endLine=\d+,col=\d+,endColumn=\d+,title=[a-z-]+::/u,
          );
          expect(line).toContain(`title=${problems[index]?.code}::`);
          expect(line).not.toMatch(UNSEEN);
          expect(line.replaceAll(/%(25|0A|0D|3A|2C)/gu, '')).not.toContain('%');
        }
      }),
    );
  });
});

/** The requirements of SARIF 2.1.0 for the parts that reports use (OASIS, sections 3.13 to 3.30). */
const SARIF_PARTS = {
  log: {
    required: ['version', 'runs'],
    known: ['$schema', 'version', 'runs', 'inlineExternalProperties', 'properties'],
  },
  run: {
    required: ['tool'],
    known: ['tool', 'results', 'automationDetails', 'columnKind', 'artifacts', 'invocations', 'properties'],
  },
  driver: {
    required: ['name'],
    known: ['name', 'version', 'semanticVersion', 'informationUri', 'rules', 'properties'],
  },
  rule: {
    required: ['id'],
    known: [
      'id',
      'name',
      'shortDescription',
      'fullDescription',
      'help',
      'helpUri',
      'defaultConfiguration',
      'properties',
    ],
  },
  result: {
    required: ['message'],
    known: [
      'ruleId',
      'ruleIndex',
      'level',
      'message',
      'locations',
      'partialFingerprints',
      'fingerprints',
      'properties',
    ],
  },
  region: { required: [], known: ['startLine', 'startColumn', 'endLine', 'endColumn', 'snippet'] },
};

function expectPart(part: keyof typeof SARIF_PARTS, value: object): void {
  const keys = Object.keys(value);
  expect(SARIF_PARTS[part].required.filter((key) => !keys.includes(key))).toEqual([]);
  expect(keys.filter((key) => !SARIF_PARTS[part].known.includes(key))).toEqual([]);
}

interface SarifLog {
  $schema: string;
  version: string;
  runs: {
    tool: { driver: { name: string; rules: { id: string; shortDescription: { text: string } }[] } };
    columnKind: string;
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations?: {
        physicalLocation: { artifactLocation: { uri: string }; region?: Record<string, number> };
      }[];
    }[];
  }[];
}

describe('problems as SARIF', () => {
  it('contain every problem at its place, or at the first file', () => {
    const [run] = (JSON.parse(problemsSarif(TWO, { version: '1.2.3', files: ['x/m.yaml'] })) as SarifLog)
      .runs;
    expect(
      run?.results.map(({ ruleId, level, locations }) => [ruleId, level, locations?.[0]?.physicalLocation]),
    ).toEqual([
      [
        'unknown-key',
        'error',
        {
          artifactLocation: { uri: 'x/m.yaml' },
          region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 4 },
        },
      ],
      [
        'feature-off',
        'warning',
        { artifactLocation: { uri: 'x/m.yaml' }, region: { startLine: 1, startColumn: 1 } },
      ],
    ]);
  });

  it('are a log of version 2.1.0, whatever they quote', () => {
    fc.assert(
      fc.property(fc.array(anyProblem), (problems) => {
        const text = problemsSarif(problems, { version: '1.2.3', files: [] });
        const log = JSON.parse(text) as SarifLog;
        expectPart('log', log);
        expect(log.version).toBe('2.1.0');
        const [run] = log.runs;
        if (!run) throw new Error('a log has a run');
        expectPart('run', run);
        expectPart('driver', run.tool.driver);
        run.tool.driver.rules.forEach((rule) => expectPart('rule', rule));
        expect(['utf16CodeUnits', 'unicodeCodePoints']).toContain(run.columnKind);
        expect(run.results).toHaveLength(problems.length);
        for (const result of run.results) {
          expectPart('result', result);
          expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
          expect(result.message.text).not.toMatch(UNSEEN);
          for (const { physicalLocation } of result.locations ?? []) {
            expect(() => new URL(physicalLocation.artifactLocation.uri, 'file:///')).not.toThrow();
            expect(physicalLocation.artifactLocation.uri).toMatch(/^[\w.~!*'()%/-]*$/u);
            expectPart('region', physicalLocation.region ?? {});
            for (const number of Object.values(physicalLocation.region ?? {}))
              expect(number).toBeGreaterThanOrEqual(1);
          }
        }
      }),
    );
  });
});
