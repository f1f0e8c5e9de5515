import type { FleetDocument } from '../../fleet/document.js';
import type { OwnerSection, SharedChanges } from '../../fleet/owner-sections.js';
import { bytes } from '../markdown/fit.js';
import { codeSpan, escapeProse as prose } from '../markdown/escape.js';
import { andMore, cut, formatNumber, plural, timeText } from '../format/phrases.js';
import {
  AS_WRITTEN,
  changeLine,
  countsText,
  groupsToShow,
  namesText,
  protectedGains,
  selectedText,
  STATUS_TEXT,
  rowsByCause,
  runTitle,
  waveTexts,
} from './fleet-facts.js';
import type { Reword } from './fleet-facts.js';
import { runNote } from './run-note.js';
import { workText } from './fleet-totals.js';
import { sectionCounts, sectionName } from './owner-facts.js';

/** GitHub's limit of a comment, in bytes of UTF-8. */
const GITHUB_LIMIT = 65_536;

/** Bytes reserved for the note about omitted parts. */
const ROOM_FOR_NOTE = 300;

/** The most names in a list of instances. */
const NAMES_SHOWN = 12;

/** Options of a fleet document as Markdown. */
export interface FleetMarkdownOptions {
  /** The most bytes. Default: GitHub's limit of a comment. */
  limit?: number;
  /** The changes by owner, instead of the groups of the document. */
  byOwner?: readonly OwnerSection[] | undefined;
  /** Replaces the words of refusals, causes and next steps. */
  reword?: Reword | undefined;
}

/** A fleet document as one comment: counts, what needs attention, protected grants, groups, waves; cut at the end. */
export function fleetMarkdown(
  document: FleetDocument,
  { limit = GITHUB_LIMIT, byOwner, reword = AS_WRITTEN }: FleetMarkdownOptions = {},
): string {
  const work = workText(document);
  const note = runNote(document, NAMES_SHOWN);
  const blocks = [
    header(document),
    ...(note === null ? [] : [`> [!NOTE]\n> ${prose(note)}`]),
    ...document.refusals.map(
      ({ code, message, hint }) =>
        `> [!CAUTION]\n> **Refused** ${codeSpan(code)}: ${prose(reword(message))}${hint === null ? '' : `. ${prose(reword(hint))}`}`,
    ),
    ...troubles(document, reword),
    ...gains(document),
    ...(byOwner ? byOwner.flatMap(sectionBlocks) : groups(document)),
    ...waves(document),
    ...(work === null ? [] : [work]),
  ];
  return cutAtEnd(blocks, limit);
}

function header(document: FleetDocument): string {
  const { fleet, madeAt, inventory, selection } = document;
  const shard = selection.shard ? `, shard ${selection.shard.index} of ${selection.shard.count}` : '';
  return [
    `## Fleet ${runTitle(document)}: ${codeSpan(fleet)}`,
    '',
    `**${countsText(document)}.** ${selectedText(document)} in ${codeSpan(inventory.file)}${shard}, ${timeText(madeAt)}.`,
  ].join('\n');
}

function troubles(document: FleetDocument, reword: Reword): string[] {
  const found = rowsByCause(document);
  if (found.length === 0) return [];
  return [
    '### Needs attention',
    ...found.map(({ status, cause, instances, places, nextStep }) =>
      [
        `- **${STATUS_TEXT[status]}** (${plural(instances.length, 'instance')}: ${names(instances)}): ${prose(reword(cause))}`,
        ...(places === '' ? [] : [`  - at ${codeSpan(places, 1000)}`]),
        ...(nextStep === '' ? [] : [`  - next: ${prose(reword(nextStep))}`]),
      ].join('\n'),
    ),
  ];
}

function gains(document: FleetDocument): string[] {
  const found = protectedGains(document);
  if (found.length === 0) return [];
  return [
    '### Protected grants gained',
    ...found.map(({ grant, people }) => {
      const { shown, more } = cut(people, NAMES_SHOWN);
      const list = shown
        .map(({ instance, person }) => `${codeSpan(person)} on ${codeSpan(instance)}`)
        .join(', ');
      return `- ${codeSpan(grant)}: ${list}${andMore(more)}`;
    }),
  ];
}

function groups(document: FleetDocument): string[] {
  const found = groupsToShow(document);
  if (found.length === 0) return [];
  return ['### Changes', ...found.map(groupBlock)];
}

function sectionBlocks(section: OwnerSection): string[] {
  const heading = `### Changes: ${sectionName(section, codeSpan)} (${sectionCounts(section)})`;
  return [heading, ...section.groups.map(groupBlock)];
}

function groupBlock({ instances, changes, refusals, status }: SharedChanges): string {
  const why = refusals.length === 0 ? '' : ` · ${refusals.map((code) => codeSpan(code)).join(', ')}`;
  return [
    `**${plural(instances.length, 'instance')} ${STATUS_TEXT[status]}**${why}: ${names(instances)}`,
    '',
    ...changes.map((change) => `- ${codeSpan(changeLine(change), 1000)}`),
  ].join('\n');
}

function waves(document: FleetDocument): string[] {
  if (document.waves.length === 0) return [];
  const rows = waveTexts(document).map(
    ({ wave: { name, instances, failures }, state, limits }) =>
      `| ${codeSpan(name)} | ${state} | ${formatNumber(instances)} | ${formatNumber(failures)} ${limits} |`,
  );
  return [
    ['### Waves', '', '| wave | state | instances | failures |', '| --- | --- | --- | --- |', ...rows].join(
      '\n',
    ),
  ];
}

function names(instances: readonly string[]): string {
  return codeSpan(namesText(instances, NAMES_SHOWN), 1000);
}

/** As many whole blocks as fit, in order; the rest is counted. */
export function cutAtEnd(
  blocks: readonly string[],
  limit = GITHUB_LIMIT,
  whole = 'The fleet document has everything.',
): string {
  let used = 0;
  const kept: string[] = [];
  for (const block of blocks) {
    const cost = bytes(block) + 2;
    if (used + cost > limit - ROOM_FOR_NOTE) break;
    used += cost;
    kept.push(block);
  }
  // Items of one list stay together.
  const text = kept.reduce((all, block) => {
    const isItem = block.startsWith('- ') && /(?:^|\n)- [^\n]*(?:\n {2}- [^\n]*)?$/u.test(all);
    return all === '' ? block : `${all}${isItem ? '\n' : '\n\n'}${block}`;
  }, '');
  const left = blocks.length - kept.length;
  const note = `> [!WARNING]\n> Too long for one comment: ${plural(left, 'part')} left out at the end. ${whole}`;
  return left === 0 ? `${text}\n` : `${text}\n\n${note}\n`;
}
