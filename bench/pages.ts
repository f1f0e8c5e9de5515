import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { planHtml } from '../src/render/html/plan.js';
import { findChromium, openBrowser } from '../test/support/browser.js';
import { hugeFleetPage } from '../test/support/huge-fleet.js';
import { hugePlan, hugeSnapshot } from '../test/support/huge-plan.js';
import { median } from './measure.js';
import { compared } from './table.js';
import type { Row } from './table.js';

/** The size of the pages, and how often each is opened. */
export interface PageExtent {
  plan: { roles: number; people: number };
  fleet: { instances: number; roles: number };
  rounds: number;
}

/** Maximum time until a page can be used. */
const GOAL_MS = 2000;

/** Approximate number of grants of a real instance. */
const GRANTS = 150;

/** Measures how long the largest pages take to open in a headless Chromium. Empty if Chromium is not installed. */
export async function measurePages({ plan, fleet, rounds }: PageExtent): Promise<Row[]> {
  if (findChromium() === null) {
    process.stderr.write('no Chromium: pages are not measured\n');
    return [];
  }
  const size = { ...plan, grants: GRANTS };
  const pages: readonly (readonly [string, string, string])[] = [
    [
      `page of a plan at ${plan.roles}x${plan.people}`,
      planHtml(hugePlan(size), { snapshot: hugeSnapshot(size) }),
      '#m-table td',
    ],
    [`page of a fleet of ${fleet.instances}x${fleet.roles}`, hugeFleetPage(fleet), '#f-table td'],
    [
      `the same, every role of every instance changes`,
      hugeFleetPage({ ...fleet, everyRoleChanges: true }),
      '#f-table td',
    ],
  ];
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-bench-pages-'));
  const browser = await openBrowser();
  try {
    const rows: Row[] = [];
    for (const [name, html, drawn] of pages) {
      const file = join(folder, 'page.html');
      await writeFile(file, html);
      const ms = await opening(browser, { file, drawn, rounds });
      rows.push(
        compared({ group: 'time', name: `${name}, opened, against 2 s`, unit: 'ms' }, [ms, GOAL_MS], {
          goal: { most: 1 },
        }),
        {
          group: 'size',
          name,
          value: html.length / 1000,
          unit: 'kB',
          against: null,
          ratio: null,
          goal: null,
        },
      );
    }
    return rows;
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Resolves after the page is painted; true if the element exists. */
const painted = (selector: string): string =>
  `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(document.querySelector('${selector}') !== null))))`;

/** Returns the median time from opening the address until the page is painted with the first rows of its matrix. */
async function opening(
  browser: Browser,
  { file, drawn, rounds }: { file: string; drawn: string; rounds: number },
): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const start = performance.now();
    await page.goto(pathToFileURL(file).href);
    const isDrawn = await page.evaluate<boolean>(painted(drawn));
    if (!isDrawn) throw new Error(`the page has no ${drawn}`);
    times.push(performance.now() - start);
    await page.close();
  }
  return median(times);
}
