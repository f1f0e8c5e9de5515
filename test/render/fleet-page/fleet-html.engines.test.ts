import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { hugeFleetPage } from '../../support/huge-fleet.js';
import { hasBrowser, inaccessible, openPageBench, until } from '../../support/html-pages.js';
import type { PageBench } from '../../support/html-pages.js';

const SIZE = { instances: 1000, roles: 100 };

let bench: PageBench;

/** Resolves with the number of rows of the matrix once the page has been painted. */
const PAINTED = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(document.querySelectorAll('#f-table tbody a').length))))`;

const elements = (page: Page): Promise<number> => page.evaluate(`document.querySelectorAll('*').length`);

(hasBrowser() ? describe : describe.skip)('The page of 1,000 instances by 100 roles', () => {
  const usual = hugeFleetPage(SIZE);
  const everyRoleChanges = hugeFleetPage({ ...SIZE, everyRoleChanges: true });

  beforeAll(async () => {
    bench = await openPageBench();
  });
  afterAll(() => bench.close());

  it.each([
    ['in a typical plan', usual],
    ['if every role of every instance changes', everyRoleChanges],
  ])('opens with the first rows alone %s', async (_what, html) => {
    const { page } = await bench.open(html);
    expect(await page.evaluate<number>(PAINTED)).toBeGreaterThan(10);
    expect(await elements(page)).toBeLessThan(20_000);
    await page.close();
  });

  it('renders only visible instances, and every one when scrolled to', async () => {
    const { page, complaints } = await bench.open(usual);
    expect(await elements(page)).toBeLessThan(20_000);
    const seen = new Set<string>();
    const height = await page.evaluate<number>(`document.querySelector('.fleet').scrollHeight`);
    for (let top = 0; top < height; top += 1000) {
      await page.evaluate(`document.querySelector('.fleet').scrollTop = ${top}`);
      await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
      for (const name of await page.evaluate<string[]>(
        `[...document.querySelectorAll('#f-table tbody a')].map((one) => one.textContent)`,
      ))
        seen.add(name);
      expect(await elements(page)).toBeLessThan(20_000);
    }
    expect(seen.size).toBe(1000);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('filters all instances, and opens the panel of any with its roles', async () => {
    const { page } = await bench.open(everyRoleChanges);
    await page.selectOption('#f-label-1', { label: 'test' });
    await until(
      page,
      `document.getElementById('f-count').textContent`,
      '111 of 1,000 instances and 100 roles',
    );
    await page.evaluate(`location.hash = '#instance/company-0998'`);
    await page.waitForSelector('#panel h2');
    expect(await page.locator('#panel details.card').count()).toBeGreaterThanOrEqual(100);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('has no accessibility issues, %s', async (scheme) => {
    const { page } = await bench.open(usual, scheme);
    expect(await inaccessible(page)).toEqual([]);
    await page.close();
  });

  it('prints every filtered instance', async () => {
    const { page } = await bench.open(usual);
    await page.selectOption('#f-label-1', { label: 'test' });
    const path = `${bench.folder}/page.pdf`;
    await page.pdf({ path, format: 'A4' });
    expect(readFileSync(path).length).toBeGreaterThan(100_000);
    expect(await page.evaluate(`document.getElementById('f-print').childElementCount`)).toBe(0);
    await page.close();
  });
});
