// Makes the pictures in docs/images: the HTML report of the quickstart's plan, and the page of the example's fleet after
// manual changes on some of its instances.
// `node scripts/picture.mjs`, with the command built and a Chromium installed (or named in CHROMIUM).
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = resolve(fileURLToPath(import.meta.url), '../..');
const IMAGES = join(ROOT, 'docs/images');
const LARGEST = 200_000;
const COMMAND = join(ROOT, 'dist/bin/domo-roles.js');
const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = places.find((place) => place && existsSync(place));
if (!executablePath) throw new Error('no Chromium: install it, or name it in CHROMIUM');

/** Manual changes on instances of the fleet, as manifests. */
const BY_HAND = {
  hooli: `roles:
  Builder:
    grants: { mode: additive, add: [user.edit] }
    members: { mode: additive, users: [lena@acme.com, mia@acme.com] }`,
  stark: 'removed: [Goal Keeper]',
  wayne: 'roles: { Reader: { grants: { mode: additive, add: [dataset.export] } } }',
  wonka: `roles:
  Reader: { grants: { mode: additive, add: [dataset.export] } }
  Data Steward: { description: Asks Willy }`,
};

const folder = mkdtempSync(join(tmpdir(), 'domo-roles-picture-'));
mkdirSync(IMAGES, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  await picture('report.png', planOfQuickstart(), { height: 900 });
  await picture('fleet.png', driftOfFleet(), { height: 1650 });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** The page of a plan. */
function planOfQuickstart() {
  const page = join(folder, 'plan.html');
  const args = ['plan', 'examples/quickstart', '--sandbox', join(folder, 'one'), '--report', `html=${page}`];
  run(args, { cwd: ROOT });
  return page;
}

/** The page of the fleet's drift after that; the manifest of one instance names a grant that is not there. */
function driftOfFleet() {
  const cwd = join(folder, 'fleet');
  const inventory = join(cwd, 'fleet.yaml');
  const sandbox = join(folder, 'instances');
  cpSync(join(ROOT, 'examples/fleet'), cwd, { recursive: true });
  const page = join(folder, 'fleet.html');
  run(['fleet', 'apply', '--sandbox', sandbox, '--out', join(folder, 'apply'), '--yes'], { cwd });
  for (const [instance, body] of Object.entries(BY_HAND)) {
    const file = join(folder, `${instance}.yaml`);
    writeFileSync(file, `apiVersion: domo-roles/v1\nkind: Roles\n${body}\n`);
    const allowed = ['--allow', 'escalation', '--allow', 'max-deletes=1', '--reason', 'by hand'];
    const state = ['--state', join(folder, 'state')];
    run(['apply', file, '--sandbox', join(sandbox, instance), '--yes', ...allowed, ...state], { cwd });
  }
  const typo = '  tyrell-dev: { overlay: { roles: { Reader: { grants: [contnet.export] } } } }';
  writeFileSync(inventory, readFileSync(inventory, 'utf8').replace('instances:\n', `instances:\n${typo}\n`));
  const out = ['--out', join(folder, 'drift'), '--report', `html=${page}`];
  run(['fleet', 'drift', '--sandbox', sandbox, ...out], { cwd, code: 3 });
  return page;
}

/** Runs the command, which must end with this code. */
function run(args, { cwd, code = 0 }) {
  const options = { cwd, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' };
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args], options);
  if (status !== code) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
}

/** Renders a page in a browser. */
async function picture(name, page, { height }) {
  const file = join(IMAGES, name);
  const tab = await browser.newPage({ viewport: { width: 1200, height }, colorScheme: 'light' });
  await tab.goto(pathToFileURL(page).href);
  await tab.screenshot({ path: file });
  await tab.close();
  const { size } = statSync(file);
  if (size > LARGEST) throw new Error(`${name} has ${size} bytes; ${LARGEST} are allowed`);
  process.stdout.write(`wrote docs/images/${name}, ${size} bytes\n`);
}
