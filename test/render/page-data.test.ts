import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dataElement } from '../../src/render/html/data.js';
import { anyText } from '../support/any-text.js';
import { pageData } from '../support/page-data.js';

const contentOf = (html: string): string => html.replace(/^<script [^>]*>/u, '').replace(/<\/script>$/u, '');

describe('the data of a page', () => {
  it.each([
    ['small', 1, 'application/json'],
    ['large', 600_000, 'application/octet-stream'],
  ])('returns as it was, and cannot end its element nor open a comment, if it is %s', (_what, size, type) => {
    const filling = 'x'.repeat(size);
    fc.assert(
      fc.property(fc.jsonValue(), anyText(), (value, text) => {
        const data = [value, text, '</script><!--\u2028', filling];
        const html = dataElement('id="data"', data);
        expect(html).toMatch(new RegExp(`^<script type="${type}" id="data"`, 'u'));
        expect(contentOf(html)).not.toMatch(/[<>&\u2028\u2029]/u);
        expect(pageData(html, 'data')).toEqual(JSON.parse(JSON.stringify(data)));
      }),
      { numRuns: 30 },
    );
  });

  it('is the same text for the same value', () => {
    const data = ['\u00e9'.repeat(600_000)];
    expect(dataElement('id="data"', data)).toBe(dataElement('id="data"', data));
  });
});
