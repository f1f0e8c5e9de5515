// Collects the licenses of the packages whose code a build contains: its copies must carry them.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/iu;

/** The licenses of the packages in a build of esbuild, by its metafile, as one text. */
export async function licensesIn(metafile) {
  const sections = await Promise.all([...packagesIn(metafile)].map(sectionOf));
  // A version may be installed more than once.
  const all = ['This build contains code of the following packages.\n', ...[...new Set(sections)].sort()];
  return all.join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folders of the packages: the innermost `node_modules/NAME` of each file of which some code is left. */
function packagesIn({ outputs }) {
  const files = Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
  return new Set(
    files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(file)?.[0] ?? []),
  );
}

async function sectionOf(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => LICENSE_FILE.test(file)).sort();
  if (license === undefined && files.length === 0) throw new Error(`${folder} names no license`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  // A few packages contain no license file, and only name their license and author.
  const by = texts.length > 0 ? '' : `, by ${author?.name ?? author ?? 'its authors'}`;
  return [`${name} ${version} (${license}${by})\n`, ...texts.map((text) => `${text.trim()}\n`)].join('\n');
}
