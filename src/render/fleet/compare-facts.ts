import { isEmptyDifference } from '../../fleet/make-comparison.js';
import type {
  ComparedRole,
  ComparedSetting,
  ComparisonDocument,
  RoleDifference,
  RoleVariant,
  SettingVariant,
  SettingStanding,
} from '../../fleet/comparison.js';
import { cut, formatNumber, ordinal, plural, nameText, series, signed } from '../format/phrases.js';
import { oneLine } from '../format/one-line.js';

/** The most grants in one line. */
const GRANTS_SHOWN = 8;

/** `Finance Viewer`; the second live role of that name on an instance is `Finance Viewer, again`. */
export function roleTitle({ role, copy, inBase }: Pick<ComparedRole, 'role' | 'copy' | 'inBase'>): string {
  const again = copy === 1 ? '' : copy === 2 ? ', again' : `, for the ${ordinal(copy)} time`;
  return `${nameText(role)}${again}${inBase ? '' : ' (not in the base)'}`;
}

/** The most variants of a role in text and Markdown. */
const VARIANTS_SHOWN = 12;

/** `431 as base · 60 + dataset.export · 9 absent`. */
export function variantsText({ variants, inBase }: Pick<ComparedRole, 'variants' | 'inBase'>): string {
  const { shown, more } = shownVariants(variants);
  const parts = shown.map(
    (variant) => `${formatNumber(variant.instances.length)} ${variantText(variant, inBase)}`,
  );
  return [...parts, ...(more === 0 ? [] : [`${formatNumber(more)} in other ways`])].join(' · ');
}

/** The variants to show, and the number of instances in the others. */
export function shownVariants<V extends { instances: readonly string[] }>(
  variants: readonly V[],
): { shown: readonly V[]; more: number } {
  const { shown } = cut(variants, VARIANTS_SHOWN);
  const rest = variants.slice(shown.length);
  return { shown, more: rest.reduce((sum, { instances }) => sum + instances.length, 0) };
}

/** `+ dataset.export`, or `+ dataset.export by overlay` if overlays ask for all of it. */
export function variantText({ present, asked, unasked }: RoleVariant, inBase: boolean): string {
  const [wanted, only] = [isEmptyDifference(asked), isEmptyDifference(unasked)];
  if (wanted && only) return present || inBase ? 'as base' : 'without it';
  const text = differenceText(unasked);
  if (wanted) return text;
  const byOverlay = `${differenceText(asked)} by overlay`;
  return only ? byOverlay : `${text} and ${byOverlay}`;
}

/** A short text of a difference; '' if there is none. */
export function differenceText(found: RoleDifference): string {
  const { presence, name, description, added, removed, membersAdded, membersRemoved } = found;
  if (presence === 'absent') return name === null ? 'absent' : `absent, with ${nameText(name)} instead`;
  if (presence === 'extra') return `with it (${plural(added.length, 'grant')})`;
  return [
    ...(name === null ? [] : [`named ${nameText(name)}`]),
    ...(description === null ? [] : ['with another description']),
    ...grantsText('+', added),
    ...grantsText('-', removed),
    ...(membersAdded === 0 ? [] : [`+ ${plural(membersAdded, 'person', 'people')}`]),
    ...(membersRemoved === 0 ? [] : [signed('-', ` ${plural(membersRemoved, 'person', 'people')}`)]),
  ].join(' ');
}

function grantsText(sign: '+' | '-', grants: readonly string[]): string[] {
  const { shown, more } = cut(grants, GRANTS_SHOWN);
  const list = shown.map((grant) => signed(sign, ` ${oneLine(grant)}`));
  return more === 0 ? list : [...list, signed(sign, ` ${formatNumber(more)} more`)];
}

const SETTING_TITLE: Readonly<Record<ComparedSetting['setting'], string>> = {
  defaultRole: 'Default role',
  allowlist: 'Roles allowlist',
};

/** `Default role`. */
export function settingTitle({ setting }: Pick<ComparedSetting, 'setting'>): string {
  return SETTING_TITLE[setting];
}

/** The text of a setting's value: names of roles, or a word. */
export function settingValue(value: string | readonly string[]): string {
  if (typeof value === 'string') return nameText(value);
  return value.length === 0 ? 'no role' : value.map(nameText).join(', ');
}

/** `498 Participant as base · 2 Social by overlay`. */
export function settingText(setting: ComparedSetting): string {
  return setting.variants
    .map(
      (variant) =>
        `${formatNumber(variant.instances.length)} ${settingValue(variant.value)}${settingNote(variant)}`,
    )
    .join(' · ');
}

/** ` by overlay` or ` as base`, to follow a setting's value; '' for a value that no one asks for or that is not known. */
export function settingNote(variant: SettingVariant): string {
  if (variant.standing === 'by-overlay') return ' by overlay';
  return variant.standing === 'as-base' ? ' as base' : '';
}

/** `431 as base, 60 as overlays ask, 6 differ and 3 could not be compared`. */
export function comparedText({ summary }: ComparisonDocument): string {
  const { asBase, byOverlay, differs, unreadable, partlyCompared = 0, notStarted, suspended } = summary;
  const parts: (readonly [number, string])[] = [
    [differs, differs === 1 ? 'differs' : 'differ'],
    [unreadable, 'could not be compared'],
    [partlyCompared, `${partlyCompared === 1 ? 'has' : 'have'} an allowlist that cannot be read`],
    [notStarted, notStarted === 1 ? 'was not started' : 'were not started'],
    [byOverlay, byOverlay === 1 ? 'is as its overlay asks' : 'are as their overlays ask'],
    [asBase, asBase === 1 ? 'is as the base' : 'are as the base'],
    [suspended, suspended === 1 ? 'is suspended' : 'are suspended'],
  ];
  const found = parts.filter(([count]) => count > 0).map(([count, text]) => `${formatNumber(count)} ${text}`);
  return found.length === 0 ? 'no instance' : series(found);
}

/** A section of a report: roles and settings with the same most important standing. */
export interface StandingSection {
  id: SettingStanding;
  title: string;
  roles: readonly ComparedRole[];
  settings: readonly ComparedSetting[];
}

const SECTIONS: readonly (readonly [SettingStanding, string])[] = [
  ['differs', 'Differs, and no overlay asks for it'],
  ['by-overlay', 'Differs as overlays ask'],
  ['unmanaged', 'In no manifest, and left alone'],
  ['unreadable', 'Cannot be read on some instances'],
];

/**
 * The differences, grouped by the most important standing, and settings that cannot be read on some instances. Leaves out roles and
 * settings that equal the base everywhere.
 */
export function sectionsOf({ roles, settings }: ComparisonDocument): StandingSection[] {
  const rank = ({ variants }: { variants: readonly { standing: SettingStanding }[] }): number =>
    SECTIONS.findIndex(([standing]) => variants.some((one) => one.standing === standing));
  const sections = SECTIONS.map(([id, title], index) => ({
    ...{ id, title },
    roles: roles.filter((one) => rank(one) === index),
    settings: settings.filter((one) => rank(one) === index),
  }));
  return sections.filter((section) => section.roles.length + section.settings.length > 0);
}

/** Roles that equal the base on all instances. */
export function rolesEqualToBase({ roles }: ComparisonDocument): ComparedRole[] {
  return roles.filter(({ variants }) => variants.every(({ standing }) => standing === 'as-base'));
}
