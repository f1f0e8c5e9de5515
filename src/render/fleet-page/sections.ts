import type { FleetDocument, RowStatus } from '../../fleet/document.js';
import type { OwnerSection, SharedChanges } from '../../fleet/owner-sections.js';
import { groupBy } from '../../model/group.js';
import { byCodeUnit } from '../../model/sort.js';
import { oneLine } from '../format/one-line.js';
import { clip, cut, formatNumber, plural } from '../format/phrases.js';
import {
  changeLine,
  groupsToShow,
  namesText,
  STATUS_TEXT,
  rowsByCause,
  waveTexts,
  type RowsByCause,
  type WaveText,
} from '../fleet/fleet-facts.js';
import { sectionCounts, sectionName } from '../fleet/owner-facts.js';
import { codeHtml, escapeHtml, lineHtml, nameHtml, pillHtml } from '../html/escape.js';
import type { Tone } from '../vocabulary.js';
import { SHIFTS, type ProtectedShift } from './holdings.js';

/** The tone of a status, in pills and rows. */
export const STATUS_TONES: Readonly<Record<RowStatus, Tone>> = {
  incomplete: 'bad',
  failed: 'bad',
  invalid: 'bad',
  refused: 'bad',
  missing: 'bad',
  'not-started': 'warn',
  drift: 'warn',
  changes: '',
  done: 'good',
  clean: 'good',
  suspended: '',
};

/** Limits of causes, of names per list and of lines of all groups; the panels have the rest. */
const MOST_TROUBLES = 100;
const MOST_NAMES = 60;
/** Longer lists of people scroll. */
const NAMES_IN_SIGHT = 24;
const MOST_LINES = 2000;
const MOST_GROUPS = 300;

/** A link to the panel of an instance. */
function instanceLink(instance: string): string {
  return `<a href="#instance/${escapeHtml(encodeURIComponent(instance))}">${lineHtml(instance)}</a>`;
}

/** Links to the panels of instances; beyond a limit, a count. */
export function instanceLinks(instances: readonly string[]): string {
  const { shown, more } = cut(instances, MOST_NAMES);
  const rest = more > 0 ? `<li class="rest">and ${formatNumber(more)} more</li>` : '';
  return `<ul class="people">${shown.map((name) => `<li>${instanceLink(name)}</li>`).join('')}${rest}</ul>`;
}

/** The refusals of the fleet as a whole. */
export function refusalSection({ refusals }: FleetDocument): string | null {
  const cards = refusals.map(({ code, message, key, hint }) => {
    const by =
      key === null ? '' : `<dl class="facts"><div><dt>set by</dt><dd>${codeHtml(key)}</dd></div></dl>`;
    const next = hint === null ? '' : `<p class="soft">${lineHtml(hint)}</p>`;
    return `<article class="refusal"><h3>${codeHtml(code)} ${pillHtml('refused', 'bad')}</h3><p>${lineHtml(message)}</p>${next}${by}</article>`;
  });
  return cards.length > 0 ? cards.join('\n') : null;
}

/** What needs attention: each cause with its instances and the next step. */
export function troubleSection(document: Parameters<typeof rowsByCause>[0]): string | null {
  const troubles = rowsByCause(document);
  if (troubles.length === 0) return null;
  const { shown, more } = cut(troubles, MOST_TROUBLES);
  const rest =
    more > 0 ? `<p class="soft">and ${plural(more, 'other cause')}: filter the instances by status.</p>` : '';
  return `${shown.map(troubleCard).join('\n')}${rest}`;
}

function troubleCard({ status, cause, instances, places, nextStep }: RowsByCause): string {
  const tone = STATUS_TONES[status];
  const next = nextStep === '' ? '' : `<p class="soft">Next: ${lineHtml(nextStep)}</p>`;
  const at = places === '' ? '' : `<p class="soft">At ${codeHtml(places)}</p>`;
  const className = tone === 'bad' ? 'refusal' : 'refusal allowed';
  return `<article class="${className}"><h3>${plural(instances.length, 'instance')} ${pillHtml(STATUS_TEXT[status], tone)}</h3><p>${lineHtml(cause)}</p>${at}${instanceLinks(instances)}${next}</article>`;
}

const SHIFT_PILLS: Readonly<Record<ProtectedShift['shift'], Tone>> = {
  gains: 'bad',
  'beyond the manifest': 'bad',
  missing: 'warn',
  loses: '',
};

/** Protected grants that are gained or lost, or differ from a manifest: a card per grant and direction. */
export function shiftSection(shifts: readonly ProtectedShift[]): string | null {
  if (shifts.length === 0) return null;
  const groups = groupBy(shifts, ({ shift, grant }) => `${SHIFTS.indexOf(shift)} ${grant}`);
  const cards = [...groups].sort(([a], [b]) => byCodeUnit(a, b)).map(([, group]) => shiftCard(group));
  return cards.join('\n');
}

function shiftCard(group: readonly ProtectedShift[]): string {
  const [first] = group;
  if (!first) return '';
  const { shift, grant, title } = first;
  const { shown, more } = cut(group, MOST_NAMES);
  const items = shown.map(
    ({ who, instance }) => `<li><bdi>${lineHtml(who)}</bdi> on ${instanceLink(instance)}</li>`,
  );
  const rest = more > 0 ? `<li class="rest">and ${formatNumber(more)} more</li>` : '';
  const list = `<ul class="people">${items.join('')}${rest}</ul>`;
  const region = `tabindex="0" role="region" aria-label="${lineHtml(`${grant} ${shift}`)}"`;
  const body = items.length <= NAMES_IN_SIGHT ? list : `<div class="scroll low" ${region}>${list}</div>`;
  const instances = new Set(group.map((one) => one.instance)).size;
  const name = title === null ? '' : ` <span class="was">${lineHtml(title)}</span>`;
  const people = plural(group.length, 'person', 'people');
  const count =
    shift === 'gains' || shift === 'loses'
      ? `${people} ${group.length === 1 ? shift : shift.slice(0, -1)}`
      : `${shift}: ${people}`;
  return `<details class="card" open><summary><span class="grow">${codeHtml(grant)}${name}</span>${pillHtml(plural(instances, 'instance'), '')}${pillHtml(count, SHIFT_PILLS[shift])}</summary><div class="inside">${body}</div></details>`;
}

/** Instances with the same plan together, the largest group first. */
export function groupSection(document: FleetDocument): string | null {
  const groups = groupsToShow(document);
  if (groups.length === 0) return null;
  return groupStack(groups, openGroupLimits(groups.length));
}

/** The same by owner of the changes, with a heading for each. */
export function ownerSections(sections: readonly OwnerSection[]): string | null {
  if (sections.length === 0) return null;
  const limits = openGroupLimits(sections.reduce((sum, { groups }) => sum + groups.length, 0));
  const parts = sections.map((section) => {
    const name = sectionName(section, nameHtml).replace(/^./u, (first) => first.toUpperCase());
    const counts = `<span class="soft">${sectionCounts(section)}</span>`;
    return `<div data-group><h3 class="owner">${name} ${counts}</h3>${groupStack(section.groups, limits)}</div>`;
  });
  return parts.join('\n');
}

/** The groups and lines that still fit on the page. */
interface GroupLimits {
  groups: number;
  lines: number;
  /** The number of cards that are still open initially. */
  open: number;
}

function openGroupLimits(total: number): GroupLimits {
  return { groups: MOST_GROUPS, lines: MOST_LINES, open: total <= 6 ? 3 : 0 };
}

/** The cards of groups within the limits, which they use up. */
function groupStack(groups: readonly SharedChanges[], limits: GroupLimits): string {
  const { shown, more } = cut(groups, limits.groups);
  limits.groups -= shown.length;
  const cards = shown.map((group) => {
    const fits = group.changes.length <= limits.lines;
    if (fits) limits.lines -= group.changes.length;
    limits.open -= 1;
    return groupCard(group, { isOpen: limits.open >= 0, fits });
  });
  const rest =
    more > 0
      ? `<p class="soft">and ${plural(more, 'other group')}: open an instance to see its plan.</p>`
      : '';
  return `<div class="stack">${cards.join('\n')}</div>${rest}`;
}

function groupCard(
  { instances, status, refusals, changes }: SharedChanges,
  { isOpen, fits }: { isOpen: boolean; fits: boolean },
): string {
  const codes = refusals.map((code) => pillHtml(code, 'bad')).join('');
  const names = oneLine(namesText(instances, 4));
  const [firstLine = ''] = changes.map(changeLine);
  const items = changes.map((change) => {
    const line = changeLine(change);
    const sign = /^([+~-]) /u.exec(line)?.[1] ?? '~';
    const className = sign === '+' ? ' class="plus"' : sign === '-' ? ' class="minus"' : '';
    return `<li${className} data-sign="${sign === '-' ? '−' : sign}">${lineHtml(line.slice(2))}</li>`;
  });
  const body = fits
    ? `<ul class="diff">${items.join('')}</ul>`
    : '<p class="soft">Too many changes for this page: open an instance to see its plan.</p>';
  return `<details class="card"${isOpen ? ' open' : ''}><summary><span class="grow">${plural(instances.length, 'instance')} <span class="was">${escapeHtml(names)}</span><small class="first">${lineHtml(clip(firstLine, 160))}</small></span>${codes}${pillHtml(plural(changes.length, 'change'), '')}${pillHtml(STATUS_TEXT[status], STATUS_TONES[status])}</summary><div class="inside">${body}${instanceLinks(instances)}</div></details>`;
}

const WAVE_TONES: Readonly<Record<WaveText['state'], Tone>> = {
  done: 'good',
  failed: 'bad',
  'not started': 'warn',
  'not finished': 'warn',
};

/** Waves in their order, with their failure limits. */
export function waveSection(document: FleetDocument): string | null {
  if (document.waves.length === 0) return null;
  const rows = waveTexts(document).map(
    ({ wave: { name, instances, failures, mayFail }, state }) =>
      `<tr><th scope="row">${lineHtml(name)}</th><td>${pillHtml(state, WAVE_TONES[state])}</td><td class="number">${formatNumber(instances)}</td><td class="number">${formatNumber(failures)}</td><td class="number">${formatNumber(mayFail)}</td></tr>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="Waves and how they ended"><table class="rows figures"><thead><tr><th scope="col">Wave</th><th scope="col">State</th><th scope="col" class="number">Instances</th><th scope="col" class="number">Failures</th><th scope="col" class="number">May fail</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
