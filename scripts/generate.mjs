/**
 * Generates the modules that are not in git: schema validators, page assets and the version. Does nothing if neither inputs
 * nor outputs changed since the last run.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

const INPUTS = ['package.json', 'package-lock.json', 'schemas', 'scripts', 'src/render/html/page'];
const OUTPUTS = ['src/version.ts', 'src/schema/generated', 'src/render/html/generated'];
/** The fingerprint of the last run. */
const STAMP = 'src/schema/generated/.stamp';

if (readIfThere(STAMP) !== fingerprint()) {
  await import('./build-schemas.mjs');
  await import('./build-page.mjs');
  await import('./build-version.mjs');
  // A rename is atomic: another run may read the file at the same time.
  writeFileSync(`${STAMP}.${process.pid}`, fingerprint());
  renameSync(`${STAMP}.${process.pid}`, STAMP);
}

/** A digest of the names and contents of all inputs and outputs. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [...INPUTS, ...OUTPUTS].flatMap(filesIn)) {
    if (file === STAMP) continue;
    const content = readFileSync(file);
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** The file itself, or all files of a folder in a fixed order. */
function filesIn(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  if (found.isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
