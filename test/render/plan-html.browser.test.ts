import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessReviewHtml } from '../../src/render/html/access-review.js';
import { planHtml } from '../../src/render/html/plan.js';
import { planJunit } from '../../src/render/ci/plan-junit.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { hasBrowser, inaccessible, openPageBench, skeleton, until } from '../support/html-pages.js';
import type { Opened, PageBench } from '../support/html-pages.js';
import { hugePlan, hugeSnapshot } from '../support/huge-plan.js';
import { cleanChanges, emptyPlan, fullDrift, fullPlan } from '../support/plan-builder.js';
import { hostileNames } from '../support/plan-changes.js';

const HUGE = { roles: 300, grants: 120, people: 5000 };
const VAST = { roles: 400, grants: 120, people: 25_000 };
const TINY = { roles: 5, grants: 8, people: 260 };
const SMALL = { roles: 12, grants: 40, people: 250 };

let bench: PageBench;

const open = (html: string, scheme?: 'light' | 'dark'): Promise<Opened> => bench.open(html, scheme);
const show = (page: Page, html: string): Promise<void> => bench.show(page, html);

/** An access review in which two roles have an owner. */
function reviewByOwner(owner: string): string {
  const snapshot = hugeSnapshot(TINY);
  const [first, second] = snapshot.roles.filter(({ id }) => id > 5);
  const owners = new Map([first, second].map((role) => [role?.id ?? 0, owner]));
  return accessReviewHtml(snapshot, { owners, groupBy: 'owner' });
}

/** The number of roles and grants in the matrix. */
const matrixSize = (page: Page): Promise<[number, number]> =>
  page.evaluate(
    `[document.querySelectorAll('#m-table thead th').length - 1, document.querySelectorAll('#m-table tbody tr:not(.group)').length]`,
  );

(hasBrowser() ? describe : describe.skip)('HTML reports in a browser', () => {
  beforeAll(async () => {
    bench = await openPageBench();
  });

  afterAll(() => bench.close());

  const PAGES: readonly (readonly [string, () => string])[] = [
    ['a plan with refusals', () => planHtml(fullPlan())],
    ['a plan with changes', () => planHtml(cleanChanges())],
    ['an empty plan', () => planHtml(emptyPlan())],
    ['drift', () => planHtml(fullDrift())],
    ['a plan with a snapshot', () => planHtml(hugePlan(TINY), { snapshot: hugeSnapshot(TINY) })],
    ['an access review', () => accessReviewHtml(hugeSnapshot(TINY))],
    ['a plan by owner', () => planHtml(fullPlan(), { groupBy: 'owner' })],
    ['an access review by owner', () => reviewByOwner('data team')],
  ];

  it.each(PAGES)('opens %s without console messages and network requests', async (_what, html) => {
    const { page, complaints, asked } = await open(html());
    expect(await page.locator('h1').count()).toBe(1);
    expect(complaints).toEqual([]);
    expect(asked).toEqual([]);
    await page.close();
  });

  it.each(PAGES.flatMap(([what, html]) => [[what, 'light', html] as const, [what, 'dark', html] as const]))(
    'finds no accessibility issues in %s, %s',
    async (_what, scheme, html) => {
      const { page } = await open(html(), scheme);
      await page.evaluate(`for (const fold of document.querySelectorAll('details')) fold.open = true`);
      expect(await inaccessible(page)).toEqual([]);
      await page.close();
    },
  );

  describe('names', () => {
    const size = { roles: 2, grants: 4, people: 6 };
    const both = (text: string): string[] => {
      const snapshot = hugeSnapshot({ ...size, text });
      return [
        planHtml(fullPlan(hostileNames(`_${text}`)), { snapshot, groupBy: 'owner' }),
        accessReviewHtml(snapshot),
        reviewByOwner(`_${text}`),
      ];
    };
    const benign: string[] = [];
    let opened: Opened;

    beforeAll(async () => {
      opened = await open('');
      for (const html of both('plain')) {
        await show(opened.page, html);
        benign.push(await skeleton(opened.page));
      }
    });

    it.each(HOSTILE_TEXTS)('are shown as text when one %s', async (_what, text) => {
      const { page, complaints, asked } = opened;
      for (const [index, html] of both(text).entries()) {
        await show(page, html);
        expect(complaints).toEqual([]);
        expect(asked).toEqual([]);
        expect(await skeleton(page)).toBe(benign[index]);
        const shown = await page.evaluate<string>(`document.body.innerText`);
        expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/u);
      }
    });
  });

  it('filters the matrix by role, grant, group, protection and change', async () => {
    const { page, complaints } = await open(planHtml(fullPlan(), { snapshot: hugeSnapshot(SMALL) }));
    const changed = await matrixSize(page);
    expect(changed).toEqual([3, 6]);
    await page.uncheck('#m-changed');
    expect(await matrixSize(page)).toEqual([15, 46]);
    await page.fill('#m-role', 'team 00');
    await until(page, `document.querySelectorAll('#m-table thead th').length`, 11);
    await page.fill('#m-grant', 'kind 7');
    await until(page, `document.querySelectorAll('#m-table tbody tr:not(.group)').length`, 1);
    await page.fill('#m-grant', '');
    await page.selectOption('#m-group', 'DATA');
    expect((await matrixSize(page))[1]).toBe(8);
    await page.selectOption('#m-group', '');
    await page.fill('#m-role', '');
    await page.check('#m-protected');
    expect((await matrixSize(page))[1]).toBe(2);
    expect(await page.textContent('#m-count')).toBe('15 roles and 2 of 46 grants');
    await page.fill('#m-role', 'nobody is called that');
    await until(page, `document.getElementById('m-count').textContent`, 'Nothing matches these filters');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('marks added, removed and kept grants with text and signs', async () => {
    const { page } = await open(planHtml(fullPlan()));
    const cells = await page.evaluate<string[][]>(
      `[...document.querySelectorAll('#m-table tbody tr:not(.group)')].map((row) => [row.querySelector('code').textContent, ...[...row.querySelectorAll('td')].map((cell) => cell.textContent)])`,
    );
    // Columns: Data Analyst (new), Old Role (deleted), Report Author.
    expect(cells).toEqual([
      ['buzz.admin', '', '', 'removed'],
      ['content.card.edit', 'added', '', 'held'],
      ['content.page.edit', 'added', 'removed', ''],
      ['dataset.export', 'added', 'removed', ''],
      ['dataset.view', 'added', '', 'held'],
      ['user.edit', '', '', 'added'],
    ]);
    await page.close();
  });

  it('searches cards and long lists', async () => {
    const { page } = await open(planHtml(hugePlan(SMALL)));
    await page.fill('#roles input[type=search]', 'team 003');
    await until(page, `document.querySelector('#roles output').textContent`, '3 of 12 shown');
    await page.fill('#roles input[type=search]', '');
    await page.selectOption('#roles select', 'highest');
    expect(await page.textContent('#roles output')).toMatch(/^\d of 12 shown$/);
    const rows = page.locator('[data-list=moves] tbody tr');
    expect(await rows.count()).toBe(100);
    await page.click('[data-list=moves] .more');
    expect(await rows.count()).toBe(200);
    await page.fill('[data-list=moves] input', 'person.00007@');
    await until(page, `document.querySelectorAll('[data-list=moves] tbody tr').length`, 1);
    expect(await page.textContent('[data-list=moves] output')).toBe('1 of 250 people');
    await page.close();
  });

  it('hides an owner without visible roles, and counts the visible roles of each', async () => {
    const { page } = await open(planHtml(fullPlan(), { groupBy: 'owner' }));
    const groups = `[...document.querySelectorAll('[data-group]:not([hidden]) h3.owner')].map((one) => one.textContent).join('; ')`;
    await until(
      page,
      groups,
      'Owner Builds cards and data sets 1 role; Owner finance-data 1 role; No owner 1 role',
    );
    await page.fill('#roles input[type=search]', 'finance');
    await until(page, groups, 'Owner finance-data 1 role');
    await show(page, reviewByOwner('data team'));
    const heads = `[...document.querySelectorAll('[data-list=roles] tr.group')].map((one) => one.textContent).join('; ')`;
    await until(page, heads, 'Owner data team: 2 roles; No owner: 3 roles');
    await page.fill('[data-list=roles] input', 'data team');
    await until(page, heads, 'Owner data team: 2 roles');
    await page.close();
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await open(planHtml(fullPlan()));
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement.className`)).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(`location.hash`)).toBe('#main');
    const stops = new Set<string>();
    for (let index = 0; index < 60; index += 1) {
      await page.keyboard.press('Tab');
      stops.add(
        await page.evaluate<string>(
          `document.activeElement.localName + (document.activeElement.id || document.activeElement.className)`,
        ),
      );
    }
    for (const stop of ['inputm-role', 'inputm-grant', 'inputm-changed', 'divscroll matrix', 'summary'])
      expect([...stops]).toContain(stop);
    await page.close();
  });

  it('opens, filters and searches 300 roles by 120 grants by 5,000 people', async () => {
    const { page, complaints } = await open(planHtml(hugePlan(HUGE), { snapshot: hugeSnapshot(HUGE) }));
    await page.uncheck('#m-changed');
    expect(await matrixSize(page)).toEqual([300, 120]);
    await page.fill('#m-role', 'team 29');
    await until(page, `document.querySelectorAll('#m-table thead th').length`, 11);
    expect(await page.locator('[data-list=moves] tbody tr').count()).toBe(100);
    await page.fill('[data-list=moves] input', 'person.04999@');
    await until(page, `document.querySelectorAll('[data-list=moves] tbody tr').length`, 1);
    // The body of a card is drawn when it is opened, but the search finds its text before that.
    expect(await page.locator('#roles .inside').count()).toBe(0);
    await page.fill('#roles input[type=search]', 'person.00042@');
    await until(page, `document.querySelector('#roles output').textContent`, '1 of 300 shown');
    await page.click('#roles details.card:not([hidden]) summary');
    await page.waitForSelector('#roles .inside');
    expect(await page.innerText('#roles details.card:not([hidden]) .inside')).toContain(
      'person.00042@acme.com',
    );
    await page.evaluate(`dispatchEvent(new Event('beforeprint')), dispatchEvent(new Event('afterprint'))`);
    expect(await page.locator('#roles .inside').count()).toBe(300);
    // The number of elements stays limited: far fewer than 5,000 people in 120 lists would need.
    expect(await page.evaluate<number>(`document.querySelectorAll('*').length`)).toBeLessThan(150_000);
    expect(complaints).toEqual([]);
    await page.close();
  });

  describe('a page of 400 roles by 120 grants by 25,000 people', () => {
    const html = planHtml(hugePlan(VAST), { snapshot: hugeSnapshot(VAST) });
    const rows = (list: string): string => `document.querySelectorAll('${list} tbody tr:not(.group)').length`;

    /** Opens the page, and stops its clock, so that it never has nothing else to do. */
    const openStopped = async (): Promise<Page> => {
      const page = await bench.browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.clock.install({ time: 0 });
      await page.clock.pauseAt(1);
      await show(page, html);
      return page;
    };

    it('draws the matrix and the longest list when they come near', async () => {
      const page = await openStopped();
      expect(await matrixSize(page)).toEqual([375, 16]);
      expect(await page.evaluate(rows('[data-list=moves]'))).toBe(0);
      expect(await page.textContent('[data-list=moves] output')).toBe('25,000 people');
      await page.evaluate(`location.hash = 'matrix'`);
      await until(page, rows('#m-table'), 120);
      await page.evaluate(`location.hash = 'people'`);
      await until(page, rows('[data-list=moves]'), 100);
      await page.fill('[data-list=moves] input', 'person.24999@');
      await page.clock.runFor(100);
      expect(await page.evaluate(rows('[data-list=moves]'))).toBe(1);
      await page.close();
    });

    it('draws them without scrolling too, when the browser is idle', async () => {
      const { page, complaints } = await open(html);
      await until(page, rows('#m-table'), 120);
      await until(page, rows('[data-list=moves]'), 100);
      expect(await page.evaluate('scrollY')).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
    });

    it('has the whole matrix, the list and the bodies of the cards in print', async () => {
      const { page, complaints } = await open(html);
      await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
      expect(await matrixSize(page)).toEqual([375, 120]);
      expect(await page.evaluate(rows('[data-list=moves]'))).toBe(100);
      expect(await page.locator('#roles .inside').count()).toBe(400);
      expect(complaints).toEqual([]);
      await page.close();
    });

    it('is at most half as long as the plan as JSON', () => {
      const text = JSON.stringify(hugePlan(VAST)).length;
      expect(html.length).toBeLessThan(text / 2);
    });
  });

  it('opens the folds of a long list in print, also if the list is filled for the print', async () => {
    const plan = cleanChanges();
    const changes = plan.changes.map((change) => ({
      ...change,
      requests: change.requests.map((request) => ({ ...request, body: 'x'.repeat(600_000) })),
    }));
    const html = planHtml({ ...plan, changes });
    expect(html.includes('<script type="application/octet-stream" id="list-requests"')).toBe(true);
    const { page, complaints } = await open(html);
    const folds = page.locator('[data-list=requests] details.body');
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await folds.count()).toBeGreaterThan(0);
    expect(await page.locator('[data-list=requests] details.body:not([open])').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows everything except matrix and long lists without JavaScript', async () => {
    writeFileSync(join(bench.folder, 'still.html'), planHtml(fullPlan()));
    const context = await bench.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(bench.folder, 'still.html')).href);
    const text = await page.innerText('main');
    for (const words of [
      'Refused for 2 reasons',
      'need this page’s own script',
      '--allow escalation',
      'Report Author',
    ]) {
      expect(text).toContain(words);
    }
    expect(
      await page.locator('.controls, .list .scroll, .under, .matrix').filter({ visible: true }).count(),
    ).toBe(0);
    await context.close();
  });

  it.each([
    ['a plan', () => planHtml(fullPlan())],
    ['an access review', () => accessReviewHtml(hugeSnapshot(TINY))],
  ])('breaks no word of a label of %s on a narrow screen, and is no wider than it', async (_what, html) => {
    const { page } = await open(html());
    await page.setViewportSize({ width: 320, height: 640 });
    const broken = await page.evaluate(
      `[...document.querySelectorAll('.controls label > span')].filter((label) => !label.textContent.includes(' ') && label.offsetHeight > 1.9 * parseFloat(getComputedStyle(label).fontSize)).map((label) => label.textContent)`,
    );
    expect(broken).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    expect(await page.locator('.controls label > span').count()).toBeGreaterThan(3);
    await page.close();
  });

  it('runs no injected script and loads no picture, even if the page was edited', async () => {
    let visits = 0;
    const server = createServer((_request, response) => {
      visits += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const injected = `<script>window.hacked = 1</script><img src="http://127.0.0.1:${port}/x.png" onerror="window.hacked = 2">`;
    const { page, complaints } = await open(planHtml(emptyPlan()).replace('</main>', `${injected}</main>`));
    expect(await page.evaluate(`window.hacked === undefined`)).toBe(true);
    expect(
      complaints.filter((line) => line.includes('Content Security Policy')).length,
    ).toBeGreaterThanOrEqual(2);
    expect(visits).toBe(0);
    await page.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('parses the JUnit report as XML, for any names', async () => {
    const page = await bench.browser.newPage();
    for (const [, text] of HOSTILE_TEXTS) {
      const xml = planJunit(fullPlan(hostileNames(text)));
      const read = `(xml) => { const parsed = new DOMParser().parseFromString(xml, 'application/xml'); return [parsed.querySelectorAll('parsererror').length, parsed.querySelectorAll('testcase').length]; }`;
      expect(await page.evaluate(`(${read})(${JSON.stringify(xml)})`)).toEqual([0, 25]);
    }
    await page.close();
  });
  const cases = planJunit(fullPlan(hostileNames('plain'))).match(/<testcase /gu)?.length;
  expect(cases).toBeGreaterThan(15);
});
