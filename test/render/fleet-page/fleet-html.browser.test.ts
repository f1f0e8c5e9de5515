import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { compareHtml } from '../../../src/render/fleet-page/compare-html.js';
import { comparisonWith } from '../../support/comparisons.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { hugeFleetPage } from '../../support/huge-fleet.js';
import { hasBrowser, inaccessible, openPageBench, skeleton, until } from '../../support/html-pages.js';
import type { Opened, PageBench } from '../../support/html-pages.js';

const MID = hugeFleetPage({ instances: 60, roles: 24 });

let bench: PageBench;

/** The number of rows and role columns of the filtered matrix, drawn or not. */
const size = (page: Page): Promise<[number, number]> =>
  page.evaluate(
    `[Number(document.getElementById('f-table').getAttribute('aria-rowcount')) - 1, document.querySelectorAll('#f-table thead th').length - 1]`,
  );

/** The text of the cell of an instance and a role, as a screen reader reads it. */
const cell = (page: Page, instance: string, role: string): Promise<string> =>
  page.evaluate(`(() => {
    const at = [...document.querySelectorAll('#f-table thead th')].findIndex((one) => one.textContent === ${JSON.stringify(role)});
    const row = [...document.querySelectorAll('#f-table tbody tr')].find((one) => one.querySelector('a')?.textContent === ${JSON.stringify(instance)});
    return row.cells[at].textContent;
  })()`);

const names = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('#f-table tbody a')].map((one) => one.textContent)`);

const focused = (page: Page): Promise<string> => page.evaluate(`document.activeElement.textContent`);

(hasBrowser() ? describe : describe.skip)('The page of a fleet in a browser', () => {
  let opened: Opened;
  beforeAll(async () => {
    bench = await openPageBench();
    opened = await bench.open(MID);
  });
  afterAll(() => bench.close());

  it('opens without console messages and network requests', async () => {
    const { page, complaints, asked } = opened;
    expect(await page.locator('h1').textContent()).toBe('Fleet plan: customers');
    expect(await size(page)).toEqual([60, 24]);
    expect(await page.textContent('#f-count')).toBe('All 60 instances and 24 roles');
    expect(complaints).toEqual([]);
    expect(asked).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility issues, %s, nor in an open panel',
    async (scheme) => {
      const { page } = await bench.open(MID, scheme);
      await page.evaluate(`for (const fold of document.querySelectorAll('details')) fold.open = true`);
      expect(await inaccessible(page)).toEqual([]);
      await page.evaluate(`location.hash = '#instance/company-0003'`);
      await page.waitForSelector('#panel h2');
      expect(await inaccessible(page)).toEqual([]);
      await page.close();
    },
  );

  it.each(['light', 'dark'] as const)(
    'shows a comparison without accessibility issues, %s',
    async (scheme) => {
      const { page, complaints } = await bench.open(compareHtml(comparisonWith('')), scheme);
      await page.fill('#differs input', 'default');
      await until(page, `document.querySelector('#differs output').textContent`, '1 of 2 shown');
      await page.evaluate(`for (const fold of document.querySelectorAll('details')) fold.open = true`);
      expect(await inaccessible(page)).toEqual([]);
      await page.click('#f-table tbody a >> text=hooli');
      await page.waitForSelector('#panel h2');
      expect(await page.innerText('#panel')).toContain('+ a.admin');
      expect(await inaccessible(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it('marks the state of each role on each instance', async () => {
    const { page } = opened;
    expect(await cell(page, 'company-0007', 'Team 000')).toBe('unreadable');
    expect(await cell(page, 'company-0003', 'Team 012')).toBe('absent');
    expect(await cell(page, 'company-0008', 'Team 003')).toBe('differs');
    expect(await cell(page, 'company-0008', 'Team 005')).toBe('as its overlay');
    expect(await cell(page, 'company-0008', 'Team 000')).toBe('as base');
    expect(await cell(page, 'company-0001', 'Team 012')).toBe('not in the overlay');
    await page.fill('#f-name', '0011');
    await until(page, `document.querySelectorAll('#f-table tbody a').length`, 1);
    expect(await cell(page, 'company-0011', 'Team 000')).toBe('not known');
    await page.fill('#f-name', '');
    await until(page, `document.getElementById('f-count').textContent`, 'All 60 instances and 24 roles');
  });

  it('filters by label, status, wave, name, role and role state, and by all of them together', async () => {
    const { page } = await bench.open(MID);
    await page.selectOption('#f-status', { label: 'failed' });
    expect(await names(page)).toEqual(['company-0007', 'company-0057']);
    await page.selectOption('#f-status', '');
    await page.selectOption('#f-label-1', { label: 'test' });
    expect(await size(page)).toEqual([7, 24]);
    await page.selectOption('#f-label-0', { label: 'eu' });
    expect((await names(page)).every((name) => name.startsWith('dev-'))).toBe(true);
    await page.selectOption('#f-label-0', { label: 'without it' });
    expect(await page.textContent('#f-count')).toBe('Nothing matches these filters');
    await page.selectOption('#f-label-0', '');
    await page.selectOption('#f-label-1', '');
    await page.selectOption('#f-wave', { label: 'canary' });
    expect((await names(page)).sort()).toEqual(['company-0000', 'company-0001', 'company-0002']);
    await page.selectOption('#f-wave', '');
    await page.selectOption('#f-state', { label: 'absent' });
    const [rows, columns] = await size(page);
    expect([rows > 0 && rows < 60, columns > 0 && columns < 24]).toEqual([true, true]);
    await page.fill('#f-role', 'team 012');
    await until(page, `document.querySelectorAll('#f-table thead th').length`, 2);
    expect(await names(page)).toEqual(['company-0003']);
    expect(await page.textContent('#f-count')).toBe('1 of 60 instances and 1 of 24 roles');
    await page.close();
  });

  it('sorts by what needs attention, or by name', async () => {
    const { page } = await bench.open(MID);
    expect((await names(page)).slice(0, 4)).toEqual([
      'company-0007',
      'company-0057',
      'company-0005',
      'company-0003',
    ]);
    await page.selectOption('#f-order', { label: 'Name' });
    expect((await names(page))[0]).toBe('company-0000');
    await page.close();
  });

  it('opens the plan of an instance by its link, moves to the next, and restores the focus', async () => {
    const { page, complaints } = await bench.open(MID);
    await page.click('#f-table tbody a >> text=company-0003');
    expect(await page.textContent('#panel h2')).toBe('company-0003 refused');
    const text = await page.innerText('#panel');
    for (const part of ['max-grant-changes', 'Team 012', 'new role', '+2 grants', 'content.export'])
      expect(text).toContain(part);
    expect(await page.evaluate(`document.activeElement.id`)).toBe('panel-title');
    await page.click('#panel .step >> text=Next');
    await until(page, `document.querySelector('#panel h2').textContent`, 'company-0001 with changes');
    expect(await page.innerText('#panel')).toContain('Protected grants');
    await page.keyboard.press('Escape');
    await until(page, `String(document.getElementById('panel').open)`, 'false');
    // The dialog reports that it closed only afterwards.
    await until(page, `document.activeElement.textContent`, 'company-0001');
    expect(await page.evaluate(`location.hash`)).toBe('');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows why an instance has no plan', async () => {
    const { page } = await bench.open(MID);
    await page.evaluate(`location.hash = '#instance/company-0005'`);
    await page.waitForSelector('#panel h2');
    const text = await page.innerText('#panel');
    for (const part of ['unknown-grant', 'tiers/test.yaml:3:1', 'next step']) expect(text).toContain(part);
    await page.close();
  });

  it.each(['#instance/nowhere', '#instance/%', '#instance/__proto__', '#nowhere'])(
    'opens no panel for %s',
    async (hash) => {
      const { page, complaints } = await bench.open(MID);
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      expect(await page.evaluate(`document.getElementById('panel').open`)).toBe(false);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it('can be used with the keyboard alone', async () => {
    const { page } = await bench.open(MID);
    await page.focus('#f-order');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement.className`)).toBe('scroll fleet');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('company-0007');
    for (const [key, name] of [
      ['ArrowDown', 'company-0057'],
      ['End', 'company-0051'],
      ['ArrowUp', 'company-0011'],
      ['Home', 'company-0007'],
    ] as const) {
      await page.keyboard.press(key);
      expect(await focused(page)).toBe(name);
    }
    await page.keyboard.press('Enter');
    await page.waitForSelector('#panel h2');
    expect(await page.textContent('#panel h2')).toBe('company-0007 failed');
    await page.close();
  });

  it('lists who holds a protected grant, and links the instance', async () => {
    const { page } = await bench.open(MID);
    await page.fill('#holders input', 'bo.13@');
    await until(page, `document.querySelectorAll('#holders [data-list] tbody tr').length`, 1);
    const row = await page.innerText('#holders [data-list] tbody tr');
    expect(row.split(/\t/u).map((part) => part.trim())).toEqual([
      'bo.13@example.com',
      'dev-0013',
      'Admin',
      'authorization.roles user.edit',
    ]);
    await page.click('#holders [data-list] tbody a');
    await page.waitForSelector('#panel h2');
    await page.close();
  });

  it('prints the filtered matrix as a whole, and an open panel alone', async () => {
    const { page } = await bench.open(MID);
    const shown = (): Promise<unknown> =>
      page.evaluate(`(() => {
        dispatchEvent(new Event('beforeprint'));
        const rows = document.querySelectorAll('#f-print tbody tr').length;
        dispatchEvent(new Event('afterprint'));
        return [rows, document.querySelectorAll('#f-print *').length];
      })()`);
    expect(await shown()).toEqual([60, 0]);
    await page.selectOption('#f-status', { label: 'failed' });
    expect(await shown()).toEqual([2, 0]);
    await page.evaluate(`location.hash = '#instance/company-0001'`);
    await page.waitForSelector('#panel h2');
    expect(await shown()).toEqual([0, 0]);
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible('main')).toBe(false);
    expect(await page.isVisible('#panel h2')).toBe(true);
    await page.close();
  });

  it('shows everything except the matrix, the panels and the long list without JavaScript', async () => {
    const file = join(bench.folder, 'still.html');
    writeFileSync(file, MID);
    const context = await bench.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    const text = await page.innerText('main');
    for (const part of [
      '4 of 60 instances need attention',
      'unknown-grant',
      'dataset.admin',
      'new.1@example.com',
    ])
      expect(text).toContain(part);
    await context.close();
  });

  it('lets no injected script run', async () => {
    const injected = '<script>window.hacked = 1</script><img src="x:" onerror="window.hacked = 2">';
    const { page, complaints } = await bench.open(MID.replace('</main>', `${injected}</main>`));
    expect(await page.evaluate(`window.hacked === undefined`)).toBe(true);
    expect(complaints.filter((line) => line.includes('Content Security Policy'))).not.toEqual([]);
    await page.close();
  });

  describe('names', () => {
    const hostile = { instances: 14, roles: 4 };
    let plain = '';
    let view: Opened;

    const shownOf = async (html: string): Promise<string> => {
      await bench.show(view.page, html);
      const page = await skeleton(view.page);
      await view.page.evaluate(`location.hash = '#instance/company-0003'`);
      await view.page.waitForSelector('#panel h2');
      const panel = await skeleton(view.page);
      await view.page.evaluate(`document.getElementById('panel').close()`);
      return `${page}\n${panel}`;
    };

    beforeAll(async () => {
      view = await bench.open('');
      plain = await shownOf(hugeFleetPage({ ...hostile, text: 'plain' }));
    });

    it.each(HOSTILE_TEXTS)('are shown as text when one %s', async (_what, text) => {
      expect(await shownOf(hugeFleetPage({ ...hostile, text: `_${text}` }))).toBe(plain);
      expect(view.complaints).toEqual([]);
      expect(view.asked).toEqual([]);
      const words = await view.page.evaluate<string>(`document.body.innerText`);
      expect(words).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/u);
    });
  });
});
