import { describe, expect, it } from '@jest/globals';
import { parseReport, parseReports } from '../../src/shell/reports.js';

const FORMATS = ['json', 'sarif'] as const;

describe('a report on the command line', () => {
  it.each<[string, { format: string; file: string } | null]>([
    ['json=a.json', { format: 'json', file: 'a.json' }],
    ['sarif=a=b', { format: 'sarif', file: 'a=b' }],
    ['json=', null],
    ['=a.json', null],
    ['json', null],
    ['jsonx', null],
    ['html=a.html', null],
    ['', null],
  ])('%j', (word, report) => {
    expect(parseReport(word, FORMATS)).toEqual(report);
  });

  it('is refused with the formats, if there is no such one', () => {
    expect(parseReports(undefined, FORMATS)).toEqual([]);
    expect(() => parseReports(['json=a', 'html=b'], FORMATS)).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({
            code: 'usage',
            where: { what: '--report' },
            hint: 'valid formats: json, sarif',
          }),
        ],
      }),
    );
  });
});
