import { snapshotLabel } from '../facts/heading-facts.js';
import type { Grouping } from '../facts/owners.js';
import { summaryLine, verdictOf } from '../facts/verdict.js';
import { oneLine } from '../format/one-line.js';
import { clip, personLabel, plural, timeText } from '../format/phrases.js';
import { escapeHtml } from '../html/escape.js';
import { vocabularyOf, type PlanDocument } from '../vocabulary.js';
import { codeSpan, escapeProse, planMarker } from './escape.js';
import { bytes, fitUnits, leftOutNote, unitBlocks } from './fit.js';
import { markdownUnits } from './plan-parts.js';

/** Options of a plan as Markdown. */
export interface PlanMarkdownOptions {
  /** The most names per list; the rest is counted. Default 20. */
  limit?: number;
  /** The result is shorter than this, in characters and in UTF-8 bytes. Default: GitHub's limit of 65,536. At least 4,000. */
  maxLength?: number;
  /** Further keys of the hidden marker. */
  keys?: readonly string[];
  /** Heading instead of `Plan for …`. */
  title?: string;
  /** Groups roles by owner. */
  groupBy?: Grouping;
}

/** GitHub's limit of a comment. */
const GITHUB_LIMIT = 65_536;

/** The upper limit of names per list: more would not fit. */
const MOST_NAMES = 500;

/** Reserved for the sentence about omitted parts. */
const NOTE_ROOM = 1000;

/**
 * A plan or drift document as a comment on a pull request: verdict first, then refusals and protected
 * grants, then folded detail. What does not fit is cut from the least risky end, and counted in a note.
 */
export function planMarkdown(document: PlanDocument, options: PlanMarkdownOptions = {}): string {
  const limit = Math.min(options.limit ?? 20, MOST_NAMES);
  const head = headLines(document, options).join('\n');
  const foot = footLine(document);
  const units = markdownUnits(document, { limit, groupBy: options.groupBy });
  const most = Math.max(4000, options.maxLength ?? GITHUB_LIMIT) - 1;
  const fit = fitUnits(units, most - bytes(`${head}\n\n\n\n${foot}\n`) - NOTE_ROOM);
  const note = leftOutNote(units, fit);
  return `${[head, ...unitBlocks(units, fit), ...(note === null ? [] : [note]), foot].join('\n\n')}\n`;
}

function headLines(document: PlanDocument, { title, keys = [] }: PlanMarkdownOptions): string[] {
  const verdict = verdictOf(document);
  const heading =
    title === undefined
      ? `${vocabularyOf(document).heading} ${codeSpan(document.instance)}`
      : `Roles: ${escapeProse(clip(title, 200))}`;
  const alert = { refused: 'CAUTION', changes: 'IMPORTANT', clean: 'TIP' }[verdict.level];
  const extra = [
    ...(document.sandbox ? ['Made on the sandbox: it applies to nothing else.'] : []),
    ...(document.offline ? [`Made against ${snapshotLabel(document)}, not against the live instance.`] : []),
    ...(document.kind === 'plan' && document.onlyExpired
      ? ['Ends memberships whose time has passed, and changes nothing else.']
      : []),
  ];
  return [
    planMarker({ kind: document.kind, instance: document.instance, keys }),
    `## ${heading}`,
    '',
    `> [!${alert}]`,
    `> **${verdict.title}.** ${verdict.sentence}`,
    ...extra.map((line) => `>\n> ${line}`),
    ...(verdict.level === 'clean' ? [] : ['', `**${summaryLine(document)}**`]),
  ];
}

function footLine(document: PlanDocument): string {
  const files = document.manifest.files
    .slice(0, 3)
    .map((file) => `${clip(oneLine(file.path), 100)} ${file.digest.slice(0, 19)}`);
  const more = document.manifest.files.length - files.length;
  const facts = [
    oneLine(document.madeBy.slice(0, 40)),
    timeText(document.madeAt).slice(0, 40),
    ...(document.me ? [clip(personLabel(document.me), 160)] : []),
    ...files,
    ...(more > 0 ? [plural(more, 'more file')] : []),
  ];
  return `<sub>${facts.map((fact) => `<code>${escapeHtml(fact)}</code>`).join(' ')}</sub>`;
}
