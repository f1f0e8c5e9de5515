// Makes docs/images/report.png: the HTML report of the quickstart's plan, as a browser shows it.
// `node scripts/picture.mjs`, with the command built and a Chromium installed (or named in CHROMIUM).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const PICTURE = join(ROOT, 'docs/images/report.png');
const LARGEST = 200_000;
const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = places.find((place) => place && existsSync(place));
if (!executablePath) throw new Error('no Chromium: install it, or name it in CHROMIUM');

const folder = mkdtempSync(join(tmpdir(), 'domo-roles-picture-'));
const page = join(folder, 'plan.html');
try {
  execFileSync(
    process.execPath,
    [
      'dist/bin/domo-roles.js',
      'plan',
      'examples/quickstart',
      '--sandbox',
      folder,
      '--report',
      `html=${page}`,
    ],
    { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const tab = await browser.newPage({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' });
  await tab.goto(pathToFileURL(page).href);
  mkdirSync(dirname(PICTURE), { recursive: true });
  await tab.screenshot({ path: PICTURE });
  await browser.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const { size } = statSync(PICTURE);
if (size > LARGEST) throw new Error(`the picture has ${size} bytes; ${LARGEST} are allowed`);
process.stdout.write(`wrote docs/images/report.png, ${size} bytes\n`);
