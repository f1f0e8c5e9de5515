import { readTextFile } from '../journal/read-file.js';
import { digestOf } from '../manifest/files/read-text.js';
import { INCOMPLETE_TEXT } from '../manifest/form/incomplete.js';
import { sortedUnique } from '../model/sort.js';

/** A file with an absolute path, and the text to write to it. */
interface TextAt {
  path: string;
  text: string;
}

/**
 * The text of the placeholder of these files. It records the texts that they have or get: a run that completes them may
 * overwrite these, and nothing that someone wrote in between.
 */
export async function placeholderFor(files: readonly TextAt[]): Promise<string> {
  const texts: string[] = [];
  for (const { path, text } of files) texts.push(text, (await textAt(path)) ?? text);
  const digests = sortedUnique(texts.map(digestOfText));
  return `${INCOMPLETE_TEXT}${digests.map((digest) => `# ${digest}\n`).join('')}`;
}

/** Is a file the placeholder of a run that did not complete? */
export async function isPlaceholder(path: string): Promise<boolean> {
  return (await textAt(path))?.startsWith(INCOMPLETE_TEXT) === true;
}

/** Which of these files may be overwritten, because their main file, the first one, is a placeholder that records them. */
export async function filesToComplete(files: readonly TextAt[]): Promise<ReadonlySet<string>> {
  const found = new Map<string, string>();
  for (const { path } of files) {
    const text = await textAt(path);
    if (text !== null) found.set(path, text);
  }
  const main = found.get(files[0]?.path ?? '');
  if (main?.startsWith(INCOMPLETE_TEXT) !== true) return new Set();
  const recorded = new Set(main.split('\n').map((line) => line.replace(/^# /u, '')));
  const isRecorded = ({ path, text }: TextAt): boolean => {
    const old = found.get(path);
    if (old === undefined) return false;
    return old === text || old.startsWith(INCOMPLETE_TEXT) || recorded.has(digestOfText(old));
  };
  return new Set(files.filter(isRecorded).map(({ path }) => path));
}

/** The text of a file; null if there is none, or none that can be read. */
function textAt(path: string): Promise<string | null> {
  return readTextFile(path).catch(() => null);
}

function digestOfText(text: string): string {
  return digestOf(Buffer.from(text));
}
