import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findChromium, openBrowser } from './browser.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Is there a browser for tests of pages? Without one they are skipped with a message. */
export function hasBrowser(): boolean {
  const found = findChromium() !== null || process.env['DOMO_ROLES_ALL_TESTS'] === '1';
  if (!found) {
    process.stderr.write(
      '\nNO CHROMIUM FOUND: THE HTML REPORTS ARE NOT TESTED IN A BROWSER (install chromium)\n\n',
    );
  }
  return found;
}

/** A page in the browser. */
export interface Opened {
  page: Page;
  /** Errors and warnings of the console, and errors of the page. */
  complaints: string[];
  /** Every request other than that for the page itself. */
  asked: string[];
}

/** A browser that shows documents from its own folder. */
export interface PageBench {
  browser: Browser;
  folder: string;
  open: (html: string, colorScheme?: 'light' | 'dark') => Promise<Opened>;
  /** Shows another document in the same page. */
  show: (page: Page, html: string) => Promise<void>;
  close: () => Promise<void>;
}

/** Starts a browser. */
export async function openPageBench(): Promise<PageBench> {
  const folder = mkdtempSync(join(tmpdir(), 'domo-roles-html-'));
  const browser = await openBrowser();
  const path = join(folder, 'page.html');
  const address = pathToFileURL(path).href;
  const show = async (page: Page, html: string): Promise<void> => {
    writeFileSync(path, html);
    await page.goto(address);
  };
  return {
    ...{ browser, folder, show },
    open: async (html, colorScheme = 'light') => {
      const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
      const complaints: string[] = [];
      const asked: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => {
        complaints.push(dialog.message());
        void dialog.dismiss();
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(address) && !request.url().startsWith('data:'))
          asked.push(request.url());
      });
      await show(page, html);
      return { page, complaints, asked };
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Waits until an expression on the page has this value, because filters wait for the end of typing. */
export async function until(page: Page, expression: string, wanted: string | number): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) {
    if ((await page.evaluate(expression)) === wanted) return;
    await page.waitForTimeout(25);
  }
  expect(await page.evaluate(expression)).toBe(wanted);
}

/**
 * The accessibility issues that axe finds, one line each. Evaluated from outside, because the policy of the page
 * allows no other script.
 */
export async function inaccessible(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<string[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations.map((one) => one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(' | ')))`,
  );
}

/** The names of all elements of the page, without those of diff lines and lists. */
export function skeleton(page: Page): Promise<string> {
  return page.evaluate(
    `[...document.querySelectorAll('body *')].filter((one) => !one.matches('.diff li, .list tbody *')).map((one) => one.localName).join(' ')`,
  );
}
