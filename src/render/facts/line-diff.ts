import { structuredPatch } from 'diff';

/** One line of a unified diff; `…` stands for lines left out between two hunks. */
interface DiffLine {
  sign: '+' | '-' | ' ' | '…';
  text: string;
}

/** The most edits; texts with more count as entirely different, which bounds the time. */
const MAX_EDITS = 2000;

/** A unified line diff with two lines of context. Empty for equal texts. */
export function unifiedDiff(before: string, after: string): DiffLine[] {
  if (before === after) return [];
  const options = { context: 2, maxEditLength: MAX_EDITS };
  const patch = structuredPatch('', '', before, after, '', '', options);
  if (patch === undefined) return [...wholeText('-', before), ...wholeText('+', after)];
  return patch.hunks.flatMap((hunk, index) => [
    ...(index > 0 ? [{ sign: '…' as const, text: '' }] : []),
    ...hunk.lines.filter((line) => !line.startsWith('\\')).map(toDiffLine),
  ]);
}

function wholeText(sign: '+' | '-', text: string): DiffLine[] {
  return text === '' ? [] : text.split('\n').map((line) => ({ sign, text: line }));
}

function toDiffLine(line: string): DiffLine {
  const sign = line.startsWith('+') ? '+' : line.startsWith('-') ? '-' : ' ';
  return { sign, text: line.slice(1) };
}
