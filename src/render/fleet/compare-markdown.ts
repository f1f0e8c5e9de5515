import type { ComparedRole, ComparedSetting, ComparisonDocument } from '../../fleet/comparison.js';
import { codeSpan, escapeProse as prose } from '../markdown/escape.js';
import { formatNumber, plural, timeText } from '../format/phrases.js';
import {
  comparedText,
  roleTitle,
  rolesEqualToBase,
  sectionsOf,
  settingTitle,
  settingValue,
  shownVariants,
  settingNote,
  variantText,
} from './compare-facts.js';
import { STATUS_TEXT, namesText, rowsByCause } from './fleet-facts.js';
import { cutAtEnd } from './fleet-markdown.js';

/** The most names in a list of instances. */
const NAMES_SHOWN = 12;

/** A comparison as one comment, cut at its end if it is too long. */
export function compareMarkdown(document: ComparisonDocument, { limit }: { limit?: number } = {}): string {
  const blocks = [
    header(document),
    ...troubles(document),
    ...sectionsOf(document).flatMap(({ title, roles, settings }) => [
      `### ${title}`,
      ...roles.map(roleBlock),
      ...settings.map(settingBlock),
    ]),
    ...asBase(document),
  ];
  return cutAtEnd(blocks, limit, 'fleet compare --format json has everything.');
}

function header(document: ComparisonDocument): string {
  const { fleet, base, madeAt, inventory, summary, selection, source } = document;
  const shard = selection.shard ? `, shard ${selection.shard.index} of ${selection.shard.count}` : '';
  return [
    `## Fleet compare: ${codeSpan(fleet)}`,
    '',
    `**${comparedText(document)}.** ${formatNumber(summary.instances)} of ${plural(inventory.instances, 'instance')} in ${codeSpan(inventory.file)}${shard} (${source}) compared with ${codeSpan(base)}, ${timeText(madeAt)}.`,
  ].join('\n');
}

function troubles(document: ComparisonDocument): string[] {
  const found = rowsByCause(document);
  if (found.length === 0) return [];
  return [
    '### Could not be compared',
    ...found.map(
      ({ status, cause, instances, places }) =>
        `- **${STATUS_TEXT[status]}** (${plural(instances.length, 'instance')}: ${names(instances)}): ${prose(cause)}${places === '' ? '' : ` (at ${codeSpan(places, 1000)})`}`,
    ),
  ];
}

function roleBlock(role: ComparedRole): string {
  const { shown, more } = shownVariants(role.variants);
  const lines = shown.map((variant) => {
    const text = codeSpan(variantText(variant, role.inBase), 1000);
    const whom =
      variant.standing === 'as-base' || variant.standing === 'unmanaged'
        ? ''
        : `: ${names(variant.instances)}`;
    return `- ${formatNumber(variant.instances.length)} ${text}${whom}`;
  });
  const rest = more === 0 ? [] : [`- ${formatNumber(more)} in other ways`];
  return [`**${codeSpan(roleTitle(role))}**`, '', ...lines, ...rest].join('\n');
}

function settingBlock(setting: ComparedSetting): string {
  const lines = setting.variants.map((variant) => {
    const { standing, value, instances } = variant;
    const whom = standing === 'as-base' ? '' : `: ${names(instances)}`;
    return `- ${formatNumber(instances.length)} ${codeSpan(settingValue(value), 1000)}${settingNote(variant)}${whom}`;
  });
  return [`**${settingTitle(setting)}**`, '', ...lines].join('\n');
}

function asBase(document: ComparisonDocument): string[] {
  const found = rolesEqualToBase(document);
  if (found.length === 0) return [];
  return [`**${plural(found.length, 'role')} as base everywhere**: ${names(found.map(roleTitle))}`];
}

function names(list: readonly string[]): string {
  return codeSpan(namesText(list, NAMES_SHOWN), 1000);
}
