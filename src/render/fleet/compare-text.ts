import type { ComparedRole, ComparedSetting, ComparisonDocument } from '../../fleet/comparison.js';
import { oneLine } from '../format/one-line.js';
import { clip, formatNumber, plural, nameText, timeText } from '../format/phrases.js';
import { styleOf } from '../text/style.js';
import type { Style } from '../text/style.js';
import {
  comparedText,
  roleTitle,
  rolesEqualToBase,
  sectionsOf,
  settingText,
  settingTitle,
  settingValue,
  shownVariants,
  variantText,
  variantsText,
} from './compare-facts.js';
import type { StandingSection } from './compare-facts.js';
import { STATUS_TEXT, namesText, rowsByCause } from './fleet-facts.js';

/** Options of a comparison as text. */
export interface CompareTextOptions {
  colour: boolean;
  /** The most names per list; the rest is counted. Default 20. */
  limit?: number | undefined;
}

interface Context {
  style: Style;
  limit: number;
}

/** A comparison at a terminal: counts, what could not be compared, then each role that differs with its variants. */
export function compareText(
  document: ComparisonDocument,
  { colour, limit = 20 }: CompareTextOptions,
): string {
  const context = { style: styleOf(colour), limit };
  const sections = [
    header(document, context.style),
    troubles(document, context),
    ...sectionsOf(document).map((section) => sectionLines(section, context)),
    asBase(document, context),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function header(document: ComparisonDocument, { bold, dim }: Style): string[] {
  const { fleet, madeAt, inventory, selection, source, base, summary } = document;
  const shard = selection.shard ? ` · shard ${selection.shard.index}/${selection.shard.count}` : '';
  const count = `${formatNumber(summary.instances)} of ${plural(inventory.instances, 'instance')}`;
  const facts = `${timeText(madeAt)} · ${nameText(inventory.file)} · ${count}${shard} · ${source}`;
  return [
    `${bold(`Fleet compare: ${nameText(fleet)}`)}  ${dim(facts)}`,
    `Compared with ${nameText(base)}: ${comparedText(document)}.`,
  ];
}

function troubles(document: ComparisonDocument, { style, limit }: Context): string[] {
  const found = rowsByCause(document);
  if (found.length === 0) return [];
  return [
    style.bold('Could not be compared'),
    ...found.flatMap(({ status, cause, instances, places }) => [
      `  ${style.red(STATUS_TEXT[status])}  ${clip(oneLine(cause), 600)}`,
      `    ${plural(instances.length, 'instance')}: ${namesText(instances, limit)}`,
      ...(places === '' ? [] : [`    at ${clip(oneLine(places), 400)}`]),
    ]),
  ];
}

function sectionLines({ title, roles, settings }: StandingSection, context: Context): string[] {
  return [
    context.style.bold(title),
    ...roles.flatMap((role) => roleLines(role, context)),
    ...settings.flatMap((setting) => settingLines(setting, context)),
  ];
}

function roleLines(role: ComparedRole, { style, limit }: Context): string[] {
  const paint = { differs: style.red, 'by-overlay': style.cyan, unmanaged: style.dim, 'as-base': style.dim };
  return [
    `  ${style.bold(roleTitle(role))}: ${variantsText(role)}`,
    ...shownVariants(role.variants)
      .shown.filter(({ standing }) => standing === 'differs' || standing === 'by-overlay')
      .map(
        (variant) =>
          `    ${paint[variant.standing](variantText(variant, role.inBase))}: ${namesText(variant.instances, limit)}`,
      ),
  ];
}

function settingLines(setting: ComparedSetting, { style, limit }: Context): string[] {
  return [
    `  ${style.bold(settingTitle(setting))}: ${settingText(setting)}`,
    ...setting.variants
      .filter(({ standing }) => standing !== 'as-base')
      .map(({ value, instances }) => `    ${settingValue(value)}: ${namesText(instances, limit)}`),
  ];
}

function asBase(document: ComparisonDocument, { style, limit }: Context): string[] {
  const found = rolesEqualToBase(document);
  if (found.length === 0) return [];
  const count = `${plural(found.length, 'role')} as base everywhere`;
  return [`${style.bold(count)}: ${namesText(found.map(roleTitle), limit)}`];
}
