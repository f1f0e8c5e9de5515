import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** The usual paths; `CHROMIUM` names another one. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of the browser, or null if there is none. */
export function findChromium(): string | null {
  const places = process.env['CHROMIUM'] === undefined ? PLACES : [process.env['CHROMIUM']];
  return places.find((place) => existsSync(place)) ?? null;
}

/** A headless Chromium without background network requests. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('no Chromium: install it, or name it in CHROMIUM');
  return chromium.launch({ executablePath, args: ARGS });
}
