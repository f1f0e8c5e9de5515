import { addTo } from '../../model/group.js';
import type { RowStatus } from '../../fleet/document.js';
import type {
  ComparedRole,
  ComparisonDocument,
  RoleVariant,
  SettingStanding,
} from '../../fleet/comparison.js';
import { formatNumber, plural, nameText, timeText } from '../format/phrases.js';
import {
  comparedText,
  roleTitle,
  rolesEqualToBase,
  sectionsOf,
  settingText,
  settingTitle,
  settingValue,
  variantText,
  variantsText,
  type StandingSection,
} from '../fleet/compare-facts.js';
import { cardControls } from '../html/controls.js';
import { codeHtml, lineHtml, pillHtml } from '../html/escape.js';
import { heroHtml, type Hero } from '../html/hero.js';
import { pageHtml, type Section } from '../html/page.js';
import type { Tone } from '../vocabulary.js';
import { openBlocks, type BlockTable } from './blocks.js';
import type { RoleMark } from './marks.js';
import { fleetMatrix, fleetMatrixFrame, type MatrixEntry } from './matrix-data.js';
import { panelBlocks } from './panel.js';
import { linesBlock, type PlainLine } from './role-block.js';
import { instanceLinks, troubleSection } from './sections.js';

/** A comparison as one self-contained page: the variants of each role, and its state on each instance. */
export function compareHtml(document: ComparisonDocument): string {
  const table = openBlocks();
  const fleet = fleetMatrix(entriesOf(document, table), { drift: 'differs', clean: 'as wanted' });
  const parts: [string, string, string | null][] = [
    ['person', 'Could not be compared', troubleSection(document)],
    ...sectionsOf(document).map((section): [string, string, string] => [
      section.id,
      section.title,
      variantSection(section),
    ]),
    ['instances', 'Instances × roles', fleetMatrixFrame(fleet)],
    ['as-base', 'As base everywhere', asBaseSection(document)],
  ];
  return pageHtml({
    kind: 'fleet',
    title: `Fleet compare: ${document.fleet}`,
    hero: heroHtml(heroOf(document)),
    sections: parts.flatMap(([id, title, html]): Section[] => (html === null ? [] : [{ id, title, html }])),
    data: { matrix: null, lists: [], fleet },
    panels: { texts: table.texts, blocks: table.blocks },
    foot: `<p>Made by domo-roles ${lineHtml(document.madeBy)}, ${lineHtml(timeText(document.madeAt))}. This page loads no external resources.</p><ul><li>${codeHtml(document.inventory.file)} ${codeHtml(document.inventory.digest)}</li></ul>`,
  });
}

function heroOf(document: ComparisonDocument): Hero {
  const { fleet, madeAt, inventory, selection, source, base, summary } = document;
  const { shard } = selection;
  const { differs, unreadable, partlyCompared = 0, byOverlay, asBase, roles, rolesThatDiffer } = summary;
  const total = plural(summary.instances, 'instance');
  const look = unreadable > 0 ? 'refused' : differs + partlyCompared > 0 ? 'risky' : 'clean';
  const title =
    differs > 0
      ? `${formatNumber(differs)} of ${total} ${differs === 1 ? 'differs' : 'differ'} without an overlay that asks for it`
      : unreadable > 0
        ? `${formatNumber(unreadable)} of ${total} could not be compared`
        : partlyCompared > 0
          ? `The allowlist of ${formatNumber(partlyCompared)} of ${total} cannot be read`
          : byOverlay > 0
            ? 'Overlays ask for every difference'
            : 'No differences';
  return {
    facts: [
      timeText(madeAt),
      nameText(inventory.file),
      `${formatNumber(summary.instances)} of ${plural(inventory.instances, 'instance')}`,
      ...(shard ? [`shard ${shard.index} of ${shard.count}`] : []),
      source,
      `compared with ${nameText(base)}`,
    ],
    heading: `Fleet compare: ${fleet}`,
    verdict: { look, title, sentence: `Of ${total}, ${comparedText(document)}.` },
    tiles: [
      { label: 'instances', value: summary.instances },
      { label: 'differ', value: differs },
      { label: 'as their overlays', value: byOverlay },
      { label: 'as the base', value: asBase },
      { label: 'not compared', value: unreadable },
      ...(partlyCompared > 0 ? [{ label: 'partly compared', value: partlyCompared }] : []),
      { label: 'roles', value: roles },
      { label: 'roles that differ', value: rolesThatDiffer },
    ],
  };
}

const STANDING_PILLS: Readonly<Record<SettingStanding, { text: string; tone: Tone }>> = {
  differs: { text: 'differs', tone: 'warn' },
  'by-overlay': { text: 'by overlay', tone: '' },
  unmanaged: { text: 'unmanaged', tone: '' },
  unreadable: { text: 'unreadable', tone: '' },
  'as-base': { text: 'as base', tone: 'good' },
};

/** Roles and settings with their variants, a card each. */
function variantSection({ roles, settings }: StandingSection): string {
  const cards = [
    ...roles.map((role) =>
      card(
        { title: roleTitle(role), counts: variantsText(role) },
        role.variants.map((variant) => ({
          ...{ tone: STANDING_PILLS[variant.standing].tone, instances: variant.instances },
          text: variantText(variant, role.inBase),
        })),
      ),
    ),
    ...settings.map((setting) =>
      card(
        { title: settingTitle(setting), counts: settingText(setting) },
        setting.variants.map((variant) => ({
          ...{ tone: STANDING_PILLS[variant.standing].tone, instances: variant.instances },
          text: settingValue(variant.value),
        })),
      ),
    ),
  ];
  const count = plural(cards.length, 'entry', 'entries');
  const controls = cardControls({ placeholder: 'role, grant or instance', count, open: false });
  return `<div data-cards>${controls}<div class="stack">${cards.join('\n')}</div></div>`;
}

interface VariantLine {
  tone: Tone;
  text: string;
  instances: readonly string[];
}

function card(
  { title, counts }: { title: string; counts: string },
  variants: readonly VariantLine[],
): string {
  const lines = variants.map(({ tone, text, instances }) => {
    const head = `${pillHtml(plural(instances.length, 'instance'), tone)} <bdi>${lineHtml(text)}</bdi>`;
    return `<li>${head}${instanceLinks(instances)}</li>`;
  });
  return `<details class="card"><summary><span class="grow"><bdi>${lineHtml(title)}</bdi> <small class="first">${lineHtml(counts)}</small></span></summary><div class="inside"><ul class="notes">${lines.join('')}</ul></div></details>`;
}

function asBaseSection(document: ComparisonDocument): string | null {
  const found = rolesEqualToBase(document);
  if (found.length === 0) return null;
  const items = found.map((role) => `<li><bdi>${lineHtml(roleTitle(role))}</bdi></li>`);
  return `<ul class="people">${items.join('')}</ul>`;
}

/** The instances with the marks and the differences of each. */
function entriesOf({ rows, roles, settings }: ComparisonDocument, table: BlockTable): MatrixEntry[] {
  const marks = new Map<string, Map<string, RoleMark>>();
  const lines = new Map<string, PlainLine[]>();
  const note = (instance: string, standing: SettingStanding, text: string): void => {
    if (standing === 'as-base' || standing === 'unmanaged') return;
    const { text: pill, tone } = STANDING_PILLS[standing];
    addTo(lines, instance, [pill, tone, text]);
  };
  for (const role of roles) {
    const title = roleTitle(role);
    for (const variant of role.variants) {
      const text = `${title}: ${variantText(variant, role.inBase)}`;
      for (const instance of variant.instances) {
        const known = marks.get(instance) ?? new Map<string, RoleMark>();
        marks.set(instance, known.set(title, markOf(variant, role)));
        note(instance, variant.standing, text);
      }
    }
  }
  for (const setting of settings)
    for (const { standing, value, instances } of setting.variants)
      for (const instance of instances)
        note(instance, standing, `${settingTitle(setting)}: ${settingValue(value)}`);
  return rows.map((row) => ({
    row,
    marks: { roles: marks.get(row.instance) ?? new Map(), other: otherMark(row.status) },
    blocks: [
      ...panelBlocks({ ...row, attempts: [] }, NOTHING, { table, names: { left: 0 } }),
      ...linesBlock('Compared with the base', lines.get(row.instance) ?? [], { table }).map(table.add),
    ],
  }));
}

const NOTHING = { document: null, outcome: null, roles: null, checks: null, problem: null };

/** Of an instance that was compared every role is known. */
function otherMark(status: RowStatus): RoleMark {
  if (status === 'suspended' || status === 'not-started') return '.';
  return status === 'clean' || status === 'drift' ? 'n' : 'u';
}

function markOf({ standing, present, unasked }: RoleVariant, { inBase }: ComparedRole): RoleMark {
  switch (standing) {
    case 'differs':
      if (unasked.presence === 'absent') return 'a';
      return unasked.presence === 'extra' ? 'x' : 'd';
    case 'by-overlay':
      return 'o';
    case 'unmanaged':
      return present ? 'm' : 'n';
    case 'as-base':
      return present || inBase ? 'b' : 'n';
  }
}
