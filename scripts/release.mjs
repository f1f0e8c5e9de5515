/**
 * Makes a release. This script does not use the network: .github/workflows/release.yml, or a person, pushes and publishes
 * the result.
 *
 *   npm run release -- prepare VERSION [--dry-run]   set the version, date the changelog, commit
 *   npm run release -- check                         the version in package.json can be released
 *   npm run release -- tag [--dry-run]               tag a commit that carries the built action
 *   npm run release -- notes                         print what changed in this version
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dated, notesOf } from './release/changelog.mjs';
import { checkFollows, movingTag } from './release/version.mjs';

const BUILT = 'dist/action/index.js';

/** Files that a tag contains and a branch does not. */
const BUILT_FILES = [BUILT, 'dist/action/licenses.txt'];

const commands = { prepare, check, tag, notes };

try {
  const [name = '', ...rest] = process.argv.slice(2).filter((word) => word !== '--dry-run');
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Error(`use one of: ${Object.keys(commands).join(', ')}`);
  command(...rest);
} catch (error) {
  process.stderr.write(`release: ${error.message}\n`);
  process.exitCode = 1;
}

/** Commits the version and the dated changelog. A dry run only checks. */
function prepare(version) {
  checkFollows(version, presentVersion());
  if (git('status', '--porcelain') !== '') throw new Error('the work tree has changes: commit them first');
  checkNoTag(version);
  const day = new Date().toISOString().slice(0, 10);
  const changelog = dated(readFileSync('CHANGELOG.md', 'utf8'), version, day);
  const examples = examplesFor(version);
  if (isDryRun()) {
    report(`would set the version to ${version}, date its changelog ${day}, and commit "Release ${version}"`);
    for (const { file } of examples) report(`would name it in ${file}`);
    return;
  }
  writeFileSync('CHANGELOG.md', changelog);
  for (const { file, text } of examples) writeFileSync(file, text);
  run('npm', 'version', version, '--no-git-tag-version');
  run(process.execPath, 'scripts/build-version.mjs');
  git('commit', '--quiet', '--all', '--message', `Release ${version}`);
  report(`committed "Release ${version}": open a pull request, merge it, then run the workflow "release"`);
}

/** Checks all conditions of a release before anything is created. */
function check() {
  const version = presentVersion();
  checkNoTag(version);
  notesOf(readFileSync('CHANGELOG.md', 'utf8'), version);
  if (git('status', '--porcelain') !== '') throw new Error('the work tree has changes');
  report(`${version} can be released`);
}

/**
 * Tags a commit that holds this commit's files and the built action, so that `uses:` works without a build. It uses a
 * separate index: the work tree and the branch do not change, and the commit is on no branch.
 */
function tag() {
  const version = presentVersion();
  check();
  if (!readFileSync(BUILT, 'utf8').includes(version))
    throw new Error(`${BUILT} was not built from ${version}: run npm run build`);
  const commit = commitWithAction(version);
  if (isDryRun()) {
    report(`would tag ${commit} as v${version} and ${movingTag(version)}`);
    return;
  }
  git('tag', '--annotate', `v${version}`, commit, '--message', `Release ${version}`);
  git('tag', '--force', movingTag(version), commit);
  report(`tagged v${version} and ${movingTag(version)}`);
}

/** Prints the text of this version's section of the changelog. */
function notes() {
  report(notesOf(readFileSync('CHANGELOG.md', 'utf8'), presentVersion()));
}

function commitWithAction(version) {
  const folder = mkdtempSync(join(tmpdir(), 'domo-roles-release-'));
  const env = { ...process.env, GIT_INDEX_FILE: join(folder, 'index') };
  try {
    execFileSync('git', ['read-tree', 'HEAD'], { env });
    execFileSync('git', ['add', '--force', ...BUILT_FILES], { env });
    const tree = execFileSync('git', ['write-tree'], { env, encoding: 'utf8' }).trim();
    return git('commit-tree', tree, '-p', 'HEAD', '-m', `Release ${version}, with the built action`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Examples and pages that refer to another version of the action, the package or the image, with their new text. */
function examplesFor(version) {
  return git('ls-files', 'examples', 'docs', 'README.md')
    .split('\n')
    .filter((file) => /\.(?:ya?ml|md)$|\/Jenkinsfile$/u.test(file))
    .map((file) => ({ file, before: readFileSync(file, 'utf8') }))
    .map(({ file, before }) => ({ file, before, text: naming(version, before) }))
    .filter(({ before, text }) => text !== before);
}

function naming(version, text) {
  return text
    .replaceAll(/domo-roles\/domo-roles@v\d+\b/gu, `domo-roles/domo-roles@${movingTag(version)}`)
    .replaceAll(/\bdomo-roles([@:])\d+\.\d+\.\d+\b/gu, `domo-roles$1${version}`);
}

function checkNoTag(version) {
  if (git('tag', '--list', `v${version}`) !== '') throw new Error(`the tag v${version} exists already`);
}

function presentVersion() {
  return JSON.parse(readFileSync('package.json', 'utf8')).version;
}

function isDryRun() {
  return process.argv.includes('--dry-run');
}

function git(...args) {
  return run('git', ...args);
}

function run(command, ...args) {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

function report(line) {
  process.stdout.write(`${line}\n`);
}
