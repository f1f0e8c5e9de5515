import { escapeHtml } from '../html/escape.js';
import { codeSpan, planMarker, escapeProse } from './escape.js';
import type { MarkdownUnit } from './fit.js';
import { markdownUnits } from './plan-parts.js';
import { oneLine } from '../format/one-line.js';
import { clip, personLabel, plural, series, timeText } from '../format/phrases.js';
import { summaryLine, verdictOf } from '../facts/verdict.js';
import type { PlanDocument } from '../vocabulary.js';

/** How a plan is told as Markdown. */
export interface PlanMarkdownOptions {
  /** Names shown of each list; the rest is counted. 20 unless told. */
  limit?: number;
  /** The result is shorter than this, in characters and in UTF-8 bytes; GitHub's limit of 65,536 unless told. At least 4,000. */
  maxLength?: number;
  /** Keys of the hidden marker beside the instance. */
  keys?: readonly string[];
  /** Heading instead of `Plan for …`. */
  title?: string;
}

/** What GitHub takes as one comment. */
const GITHUB_LIMIT = 65_536;

/** Names of one list that a comment shows at most: more could not be told anyway. */
const MOST_NAMES = 500;

/** Kept free for the sentence that says what was left out. */
const NOTE_ROOM = 1000;

/**
 * A plan or drift document as a comment on a pull request: verdict first, then refusals and protected
 * grants, then folded detail. What does not fit is cut from the least risky end, and said.
 */
export function planMarkdown(document: PlanDocument, options: PlanMarkdownOptions = {}): string {
  const limit = Math.min(options.limit ?? 20, MOST_NAMES);
  const head = headLines(document, options).join('\n');
  const foot = footLine(document);
  const units = markdownUnits(document, limit);
  const most = Math.max(4000, options.maxLength ?? GITHUB_LIMIT) - 1;
  const chosen = choose(units, most - bytes(`${head}\n\n\n\n${foot}\n`) - NOTE_ROOM);
  const note = leftOutNote(units, chosen);
  return `${[head, ...body(units, chosen), ...(note === null ? [] : [note]), foot].join('\n\n')}\n`;
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function headLines(document: PlanDocument, { title, keys = [] }: PlanMarkdownOptions): string[] {
  const verdict = verdictOf(document);
  const name = document.kind === 'drift' ? 'Drift of' : 'Plan for';
  const heading =
    title === undefined
      ? `${name} ${codeSpan(document.instance)}`
      : `Roles: ${escapeProse(clip(title, 200))}`;
  const alert = { refused: 'CAUTION', changes: 'IMPORTANT', clean: 'TIP' }[verdict.level];
  const extra = [
    ...(document.sandbox ? ['Made on the sandbox: it applies to nothing else.'] : []),
    ...(document.offline ? ['Made against a snapshot file, not against the live instance.'] : []),
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
    document.madeBy.slice(0, 40),
    timeText(document.madeAt).slice(0, 40),
    ...(document.me ? [clip(personLabel(document.me), 160)] : []),
    ...files,
    ...(more > 0 ? [plural(more, 'more file')] : []),
  ];
  return `<sub>${facts.map((fact) => `<code>${escapeHtml(fact)}</code>`).join(' ')}</sub>`;
}

type Shown = 'full' | 'short' | 'none';

/**
 * First everything in short, as far as half the room goes, then in full, both from the most important on;
 * the first that does not fit ends it, so that nothing is told while something riskier is not.
 */
function choose(units: readonly MarkdownUnit[], room: number): Map<MarkdownUnit, Shown> {
  const ranked = units
    .map((unit, index) => ({ unit, index }))
    .sort((a, b) => b.unit.importance - a.unit.importance || a.index - b.index);
  const chosen = new Map<MarkdownUnit, Shown>(units.map((unit) => [unit, 'none']));
  const headings = new Set<string>();
  let used = 0;
  for (const { unit } of ranked) {
    const heading = headings.has(unit.group) ? 0 : bytes(`### ${unit.group}\n\n`);
    const cost = bytes(unit.short) + 2 + heading;
    if (used + cost > room / 2) break;
    used += cost;
    headings.add(unit.group);
    chosen.set(unit, 'short');
  }
  for (const { unit } of ranked) {
    const growth = bytes(unit.full) - bytes(unit.short);
    if (chosen.get(unit) !== 'short' || used + growth > room) break;
    used += growth;
    chosen.set(unit, 'full');
  }
  return chosen;
}

function body(units: readonly MarkdownUnit[], chosen: ReadonlyMap<MarkdownUnit, Shown>): string[] {
  const parts: string[] = [];
  let group = '';
  for (const unit of units) {
    const shown = chosen.get(unit) ?? 'none';
    if (shown === 'none') continue;
    if (unit.group !== group) parts.push(`### ${unit.group}`);
    group = unit.group;
    const text = shown === 'full' ? unit.full : unit.short;
    const last = parts.at(-1) ?? '';
    // Items of one list stay one list.
    if (last.startsWith('- ') && text.startsWith('- ')) parts[parts.length - 1] = `${last}\n${text}`;
    else parts.push(text);
  }
  return parts;
}

function leftOutNote(
  units: readonly MarkdownUnit[],
  chosen: ReadonlyMap<MarkdownUnit, Shown>,
): string | null {
  const left = (shown: Shown): string[] => {
    const counts = new Map<string, { unit: MarkdownUnit; count: number }>();
    for (const unit of units) {
      if (chosen.get(unit) !== shown || (shown === 'short' && unit.full === unit.short)) continue;
      const entry = counts.get(unit.noun[0]) ?? { unit, count: 0 };
      counts.set(unit.noun[0], { unit, count: entry.count + unit.count });
    }
    return [...counts.values()].map(({ unit, count }) => plural(count, unit.noun[0], unit.noun[1]));
  };
  const gone = left('none');
  const shortened = left('short');
  if (gone.length + shortened.length === 0) return null;
  const parts = [
    ...(gone.length > 0 ? [`${series(gone)} altogether`] : []),
    ...(shortened.length > 0 ? [`the detail of ${series(shortened)}`] : []),
  ];
  return `> [!WARNING]\n> Too long for one comment. Left out, the least risky first: ${parts.join(', and ')}. The saved plan has everything.`;
}
