import type { FleetDocument } from '../../fleet/document.js';
import type { OwnerSection, SharedChanges } from '../../fleet/owner-sections.js';
import { oneLine } from '../format/one-line.js';
import { andMore, clip, cut, plural, nameText, timeText } from '../format/phrases.js';
import { styleOf, type Style } from '../text/style.js';
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

/** Options of a fleet document as text. */
export interface FleetTextOptions {
  colour: boolean;
  /** The most names per list; the rest is counted. Default 20. */
  limit?: number | undefined;
  /** The changes by owner, instead of the groups of the document. */
  byOwner?: readonly OwnerSection[] | undefined;
  /** Replaces the words of refusals, causes and next steps. */
  reword?: Reword | undefined;
}

/** A fleet document for a reviewer at a terminal: counts, what needs attention, protected grants, groups, waves. */
export function fleetText(
  document: FleetDocument,
  { colour, limit = 20, byOwner, reword = AS_WRITTEN }: FleetTextOptions,
): string {
  const style = styleOf(colour);
  const groups = byOwner
    ? byOwner.flatMap((section) => sectionLines(section, { style, limit }))
    : groupsToShow(document).map((group) => groupLines(group, { style, limit }));
  const sections = [
    header(document, style),
    note(document, limit),
    refusals(document, { style, reword }),
    troubles(document, { style, limit, reword }),
    gains(document, { style, limit }),
    ...groups,
    waves(document, style),
    work(document),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

interface Context {
  style: Style;
  limit: number;
}

function header(document: FleetDocument, { bold, dim }: Style): string[] {
  const { fleet, madeAt, inventory, selection } = document;
  const shard = selection.shard ? ` · shard ${selection.shard.index}/${selection.shard.count}` : '';
  const facts = `${timeText(madeAt)} · ${nameText(inventory.file)} · ${selectedText(document)}${shard}`;
  return [
    `${bold(`Fleet ${runTitle(document)}: ${nameText(fleet)}`)}  ${dim(facts)}`,
    `${countsText(document)}.`,
  ];
}

function note(document: FleetDocument, limit: number): string[] {
  const text = runNote(document, limit);
  return text === null ? [] : [text];
}

function refusals(
  { refusals: found }: FleetDocument,
  { style: { red, bold }, reword }: { style: Style; reword: Reword },
): string[] {
  return found.flatMap(({ code, message, key, hint }) => [
    `${red(bold('Refused'))} ${code}: ${oneLine(reword(message))}${key === null ? '' : ` (${key})`}`,
    ...(hint === null ? [] : [`  ${oneLine(reword(hint))}`]),
  ]);
}

function troubles(document: FleetDocument, { style, limit, reword }: Context & { reword: Reword }): string[] {
  const found = rowsByCause(document);
  if (found.length === 0) return [];
  return [
    style.bold('Needs attention'),
    ...found.flatMap(({ status, cause, instances, places, nextStep }) => [
      `  ${style.red(STATUS_TEXT[status])}  ${clip(oneLine(reword(cause)), 600)}`,
      `    ${plural(instances.length, 'instance')}: ${namesText(instances, limit)}`,
      ...(places === '' ? [] : [`    at ${clip(oneLine(places), 400)}`]),
      ...(nextStep === '' ? [] : [`    ${style.dim(`next: ${clip(oneLine(reword(nextStep)), 400)}`)}`]),
    ]),
  ];
}

function gains(document: FleetDocument, { style, limit }: Context): string[] {
  const found = protectedGains(document);
  if (found.length === 0) return [];
  return [
    style.bold('Protected grants gained'),
    ...found.map(({ grant, people }) => {
      const { shown, more } = cut(people, limit);
      const names = shown.map(({ instance, person }) => `${nameText(person)} on ${instance}`).join(', ');
      return `  ${style.red(`+ ${grant}`)}  ${names}${andMore(more)}`;
    }),
  ];
}

function sectionLines(section: OwnerSection, context: Context): string[][] {
  const name = sectionName(section, nameText).replace(/^./u, (first) => first.toUpperCase());
  return [
    [context.style.bold(`${name}: ${sectionCounts(section)}`)],
    ...section.groups.map((group) => groupLines(group, context)),
  ];
}

function groupLines(
  { instances, changes, refusals: codes, status }: SharedChanges,
  { style, limit }: Context,
): string[] {
  const why = codes.length === 0 ? '' : `  ${style.red(codes.join(', '))}`;
  const heading = `${plural(instances.length, 'instance')} ${STATUS_TEXT[status]}`;
  return [
    `${style.bold(heading)}${why}  ${style.dim(namesText(instances, limit))}`,
    ...changes.map((change) => `  ${clip(oneLine(changeLine(change)), 1000)}`),
  ];
}

function work(document: FleetDocument): string[] {
  const text = workText(document);
  return text === null ? [] : [text];
}

function waves(document: FleetDocument, { bold, red, green, dim }: Style): string[] {
  if (document.waves.length === 0) return [];
  const paint = { done: green, failed: red, 'not started': dim, 'not finished': red };
  return [
    bold('Waves'),
    ...waveTexts(document).map(
      ({ wave: { name, instances, failures }, state, limits }) =>
        `  ${paint[state](state)}  ${name}: ${plural(instances, 'instance')}, ${plural(failures, 'failure')} ${limits}`,
    ),
  ];
}
