import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROW_STATUSES } from '../../../src/fleet/document.js';
import type { RowStatus } from '../../../src/fleet/document.js';
import { fleetJunit } from '../../../src/render/fleet/fleet-junit.js';
import { creation } from '../../support/changes.js';
import { documentOf, documentWith, SUMMARY } from '../../support/fleet-documents.js';
import { fleetRow } from '../../support/fleet-rows.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { inputs } from '../../support/law.js';
import { anyText } from '../../support/any-text.js';

/** Every tag and the names of its attributes, without any text. */
const tags = (xml: string): string =>
  (xml.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""')).join('');

describe('JUnit of a fleet', () => {
  it.each<[RowStatus, string | null]>([
    ['clean', null],
    ['changes', null],
    ['done', null],
    ['drift', 'failure'],
    ['refused', 'failure'],
    ['invalid', 'failure'],
    ['incomplete', 'error'],
    ['failed', 'error'],
    ['missing', 'error'],
    ['not-started', 'skipped'],
    ['suspended', 'skipped'],
  ])('maps a row that is %s to a case with %s', (status, element) => {
    const xml = fleetJunit(documentOf([fleetRow('acme', status, { because: 'the cause' })]));
    const found = [...xml.matchAll(/<(failure|error|skipped) /gu)].map(([, name]) => name);
    expect(found).toEqual(element === null ? [] : [element]);
    if (element !== null) expect(xml).toContain('the cause');
  });

  it('counts a case per instance plus the summary', () => {
    const xml = fleetJunit(documentOf(ROW_STATUSES.map((status) => fleetRow(`on-${status}`, status))));
    expect(xml).toContain(
      '<testsuites name="domo-roles fleet plan customers" tests="12" failures="3" errors="3" time="0">',
    );
    expect(xml).toContain(
      '<testsuite name="instances" tests="11" failures="3" errors="3" skipped="2" time="0"',
    );
  });

  it('contains the changes of an instance, its cause, next step, wave and time', () => {
    const problem = { code: 'http-error' as const, message: 'no answer', hint: 'look at the network' };
    const xml = fleetJunit(
      documentOf(
        [
          fleetRow('acme', 'changes', {
            summary: SUMMARY,
            wave: 'canary',
            ms: 1250,
            labels: { tier: 'test' },
          }),
          fleetRow('globex', 'failed', {
            problems: [{ ...problem, file: 'tiers/test.yaml', line: 3, column: 1 }],
          }),
        ],
        { plans: { acme: [creation('Finance Viewer', ['a.b'])] } },
      ),
    );
    expect(xml).toContain('classname="domo-roles.instances.wave canary" name="acme" time="1.25"');
    expect(xml).toMatch(/tier=test\n\+ role Finance Viewer/u);
    expect(xml).toMatch(/<error type="http-error"/u);
    expect(xml).toContain('http-error: no answer (tiers/test.yaml:3)\nnext: look at the network');
  });

  it('fails for a refusal of the whole fleet', () => {
    const xml = fleetJunit(documentWith('plain'));
    expect(xml).toContain('<testsuite name="fleet" tests="2" failures="1"');
    expect(xml).toContain('<failure type="max-instances" message="plain">');
  });

  it.each(HOSTILE_TEXTS)('has the same tags when every text %s', (_what, text) => {
    expect(tags(fleetJunit(documentWith(text)))).toBe(tags(fleetJunit(documentWith('plain'))));
  });

  it('contains only characters that XML allows', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const xml = fleetJunit(documentWith(`\ud800\u0000\ufffe${text}`));
        expect(xml).toMatch(/^[\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
      }),
      { numRuns: inputs(50) },
    );
  });
});
