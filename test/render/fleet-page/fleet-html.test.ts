import { describe, expect, it } from '@jest/globals';
import type { FleetCommand, FleetDocument, FleetRow } from '../../../src/fleet/document.js';
import { openFleetPage, type InstanceDocuments } from '../../../src/render/fleet-page/fleet-html.js';
import { documentOf, documentWith } from '../../support/fleet-documents.js';
import { fleetRow } from '../../support/fleet-rows.js';
import { pageData } from '../../support/page-data.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { hugeFleetPage } from '../../support/huge-fleet.js';
import { fullDrift, planOf } from '../../support/plan-builder.js';

const NONE: InstanceDocuments = { document: null, outcome: null, roles: null, checks: null, problem: null };

function pageOf(document: FleetDocument, documents: Partial<InstanceDocuments> = {}): string {
  const page = openFleetPage(document);
  for (const row of document.rows) page.add(row, { ...NONE, ...documents });
  return page.html();
}

/** The text of a page, without scripts, styles and marks. */
const textOf = (html: string): string =>
  html
    .replaceAll(/<(script|style)[^>]*>[^]*?<\/\1>/gu, '')
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/\s+/gu, ' ');

/** The elements of a page, without the text in them. */
const tags = (html: string): string[] =>
  (html.match(/<\/?[a-z][^>]*>/gu) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/gu, '""'));

describe('the page of a fleet', () => {
  it.each<[string, FleetCommand, FleetRow[], string]>([
    [
      'a failure',
      'plan',
      [fleetRow('a', 'failed'), fleetRow('b', 'clean')],
      '1 of 2 instances needs attention',
    ],
    [
      'several',
      'apply',
      [fleetRow('a', 'refused'), fleetRow('b', 'missing')],
      '2 of 2 instances need attention',
    ],
    ['changes', 'plan', [fleetRow('a', 'changes'), fleetRow('b', 'clean')], '1 of 2 instances with changes'],
    ['drift', 'drift', [fleetRow('a', 'drift')], '1 of 1 instance with drift'],
    [
      'instances that were not started',
      'apply',
      [fleetRow('a', 'not-started')],
      '1 of 1 instance not started',
    ],
    ['nothing to do', 'plan', [fleetRow('a', 'clean'), fleetRow('b', 'suspended')], 'Nothing to change'],
    ['no drift', 'drift', [fleetRow('a', 'clean')], 'No drift'],
    ['a finished apply', 'apply', [fleetRow('a', 'done')], 'Everything is in place'],
    ['connections', 'doctor', [fleetRow('a', 'clean')], 'Every connection and token is in order'],
  ])('starts with %s', (_what, command, rows, title) => {
    expect(pageOf({ ...documentOf(rows), command })).toContain(`<strong>${title}</strong>`);
  });

  it('first shows why the fleet as a whole is refused', () => {
    const html = pageOf(documentWith('plain'));
    expect(html).toContain('<strong>The fleet is refused for 1 reason</strong>');
    expect(html.indexOf('id="refused"')).toBeLessThan(html.indexOf('id="person"'));
  });

  it('has the parts in the order of all fleet reports', () => {
    const html = pageOf(documentWith('plain'));
    const found = [...html.matchAll(/<section id="([a-z]+)"/gu)].map(([, id]) => id);
    expect(found).toEqual(['refused', 'person', 'protected', 'instances', 'groups', 'waves']);
  });

  it('stores values shared by instances once', () => {
    const rows = Array.from({ length: 200 }, (_, at) => fleetRow(`i${at}`, 'changes'));
    const html = pageOf(documentOf(rows), { document: fullDrift() });
    const { blocks } = pageData<{ blocks: unknown[] }>(html, 'panels');
    const one = pageData<{ blocks: unknown[] }>(
      pageOf(documentOf([fleetRow('a', 'drift')]), { document: fullDrift() }),
      'panels',
    );
    expect(blocks).toHaveLength(one.blocks.length);
    expect(html.length).toBeLessThan(200_000);
  });

  it('explains why a document is not shown', () => {
    const html = pageOf(documentOf([fleetRow('a', 'changes')]), {
      problem: 'plan.json is not in the folder',
    });
    expect(pageData<{ texts: string[] }>(html, 'panels').texts).toContain('plan.json is not in the folder');
  });

  it('stays small for 1,000 instances by 100 roles', () => {
    expect(hugeFleetPage({ instances: 1000, roles: 100 }).length).toBeLessThan(2_000_000);
  });

  it('names people in panels up to a size limit, and counts the rest', () => {
    const people = Array.from({ length: 3000 }, (_, id) => ({
      ...{ id, email: `p${id}@example.com`, from: 'Social', fromId: 5, why: 'listed' as const, until: null },
    }));
    const change = {
      ...{ id: 'members.move:A' as never, kind: 'members.move' as const, step: null, role: 'A', roleId: 7 },
      ...{ before: [], after: { role: 'A', people: people.length }, people, dependsOn: [], requests: [] },
      risk: { level: 'low' as const, reasons: [] },
    };
    const html = pageOf(documentOf([fleetRow('a', 'changes')]), { document: planOf({ changes: [change] }) });
    const { texts, blocks } = pageData<{ texts: string[]; blocks: unknown[] }>(html, 'panels');
    expect(texts.filter((text) => text.endsWith('@example.com'))).toHaveLength(20);
    expect(JSON.stringify(blocks)).toContain('2980');
  });

  it.each(HOSTILE_TEXTS)('has the same elements when every text %s', (_what, text) => {
    const small = { instances: 14, roles: 4 };
    for (const make of [
      (name: string) => pageOf(documentWith(name)),
      (name: string) => hugeFleetPage({ ...small, text: name }),
    ]) {
      const html = make(`_${text}`);
      expect(tags(html)).toEqual(tags(make('_plain')));
      expect(textOf(html)).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069\u200b]/u);
    }
  });
});
