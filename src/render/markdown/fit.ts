import { plural, series } from '../format/phrases.js';

/** A piece of a comment that is shown in full, in short or not at all. */
export interface MarkdownUnit {
  /** The heading that it belongs to. */
  group: string;
  /** Units with higher priority are kept longer. */
  importance: number;
  full: string;
  short: string;
  /** The noun and number to count if it is left out. */
  noun: readonly [string, string];
  count: number;
}

/** The shown form of a unit. */
type Shown = 'full' | 'short' | 'none';

/** The shown form of each unit. */
type Fit = ReadonlyMap<MarkdownUnit, Shown>;

/** Length in UTF-8 bytes, the unit of limits. */
export function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/**
 * Shows units in short form up to half of the space, then in full form, both by priority. The first unit that does not
 * fit ends each pass, so that no unit is shown while a riskier one is not.
 */
export function fitUnits(units: readonly MarkdownUnit[], room: number): Fit {
  const ranked = units
    .map((unit, index) => ({ unit, index }))
    .sort((a, b) => b.unit.importance - a.unit.importance || a.index - b.index);
  const fit = new Map<MarkdownUnit, Shown>(units.map((unit) => [unit, 'none']));
  const headings = new Set<string>();
  let used = 0;
  for (const { unit } of ranked) {
    const heading = headings.has(unit.group) ? 0 : bytes(`### ${unit.group}\n\n`);
    const cost = bytes(unit.short) + 2 + heading;
    if (used + cost > room / 2) break;
    used += cost;
    headings.add(unit.group);
    fit.set(unit, 'short');
  }
  for (const { unit } of ranked) {
    const growth = bytes(unit.full) - bytes(unit.short);
    if (fit.get(unit) !== 'short' || used + growth > room) break;
    used += growth;
    fit.set(unit, 'full');
  }
  return fit;
}

/** The units that fit, under their headings, as blocks. */
export function unitBlocks(units: readonly MarkdownUnit[], fit: Fit): string[] {
  const blocks: string[] = [];
  let group = '';
  for (const unit of units) {
    const shown = fit.get(unit) ?? 'none';
    if (shown === 'none') continue;
    if (unit.group !== group) blocks.push(`### ${unit.group}`);
    group = unit.group;
    const text = shown === 'full' ? unit.full : unit.short;
    const last = blocks.at(-1) ?? '';
    // Items of one list stay together.
    if (last.startsWith('- ') && text.startsWith('- ')) blocks[blocks.length - 1] = `${last}\n${text}`;
    else blocks.push(text);
  }
  return blocks;
}

/** Counts of what does not fit; null if everything fits. */
export function leftOutNote(units: readonly MarkdownUnit[], fit: Fit): string | null {
  const gone = countsOf(units.filter((unit) => fit.get(unit) === 'none'));
  const shortened = countsOf(units.filter((unit) => fit.get(unit) === 'short' && unit.full !== unit.short));
  if (gone.length + shortened.length === 0) return null;
  const parts = [
    ...(gone.length > 0 ? [`${series(gone)} altogether`] : []),
    ...(shortened.length > 0 ? [`the detail of ${series(shortened)}`] : []),
  ];
  return `> [!WARNING]\n> Too long for one comment. Left out, the least risky first: ${parts.join(', and ')}. The saved plan has everything.`;
}

function countsOf(units: readonly MarkdownUnit[]): string[] {
  const counts = new Map<string, { many: string; count: number }>();
  for (const { noun, count } of units) {
    const [one, many] = noun;
    counts.set(one, { many, count: (counts.get(one)?.count ?? 0) + count });
  }
  return [...counts].map(([one, { many, count }]) => plural(count, one, many));
}
