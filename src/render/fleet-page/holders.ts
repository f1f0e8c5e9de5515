import type { ProtectedHolder } from '../../fleet/instance-roles.js';
import type { Grant } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { oneLine } from '../format/one-line.js';
import { cut, formatNumber, plural } from '../format/phrases.js';
import { codeHtml } from '../html/escape.js';
import { listFrame, type ListData } from '../html/list.js';
import type { InstanceHolders } from './holdings.js';

/** The most people that the list names; in larger fleets each role shows fewer. */
const MOST_ROWS = 60_000;

/** The holders of protected grants: trusted HTML, and the list that the script fills. Null if none are known. */
export function holderSection(found: readonly InstanceHolders[]): { html: string; list: ListData } | null {
  if (found.length === 0) return null;
  const list = listOf(found);
  return { html: `${summaryTable(found)}\n${listFrame(list, 'person, instance, role or grant')}`, list };
}

/** A row per protected grant: the number of holders and of instances. */
function summaryTable(found: readonly InstanceHolders[]): string {
  const rows = [...countGrants(found)]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(
      ([grant, { people, instances }]) =>
        `<tr><th scope="row">${codeHtml(grant)}</th><td class="number">${formatNumber(people)}</td><td class="number">${formatNumber(instances)}</td></tr>`,
    );
  return `<div class="scroll low" tabindex="0" role="region" aria-label="Protected grants and how many hold them"><table class="rows figures"><thead><tr><th scope="col">Grant</th><th scope="col" class="number">People</th><th scope="col" class="number">Instances</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function countGrants(found: readonly InstanceHolders[]): Map<Grant, { people: number; instances: number }> {
  const counts = new Map<Grant, { people: number; instances: number }>();
  const at = (grant: Grant): { people: number; instances: number } => {
    const known = counts.get(grant) ?? { people: 0, instances: 0 };
    counts.set(grant, known);
    return known;
  };
  for (const { holders } of found) {
    for (const grant of new Set(holders.flatMap(({ grants }) => grants))) at(grant).instances += 1;
    for (const { grants, count } of holders) for (const grant of grants) at(grant).people += count ?? 0;
  }
  return counts;
}

/** A named person, or the unnamed people of a role, with the protected grants of the role. */
interface Holding {
  who: string;
  instance: string;
  role: string;
  grants: readonly Grant[];
}

function listOf(found: readonly InstanceHolders[]): ListData {
  const most = mostPerRole(found);
  const holdings = found.flatMap(({ instance, holders }) =>
    holders.flatMap((one) => holdingsOf(instance, one, most)),
  );
  holdings.sort((a, b) => byCodeUnit(a.who, b.who) || byCodeUnit(a.instance, b.instance));
  return {
    id: 'holders',
    noun: ['person of an instance', 'people of all instances'],
    columns: [
      { title: 'Person', show: 'text' },
      { title: 'Instance', show: 'instance' },
      { title: 'Role', show: 'text' },
      { title: 'Protected grants', show: 'fold' },
    ],
    rows: holdings.map(({ who, instance, role, grants }) =>
      [who, instance, role, grants.join(' ')].map(oneLine),
    ),
  };
}

function holdingsOf(
  instance: string,
  { role, grants, people, count }: ProtectedHolder,
  most: number,
): Holding[] {
  const { shown } = cut(people ?? [], most);
  return [...shown, ...unnamed(people === null, count, shown.length)].map((who) => ({
    ...{ who, instance, role, grants },
  }));
}

/** The text for people who are not named, if there are any. */
function unnamed(isUnread: boolean, count: number | null, shown: number): string[] {
  if (isUnread) {
    if (count === 0) return [];
    return [count === null ? 'people, not read' : `${plural(count, 'person', 'people')}, not read`];
  }
  const more = (count ?? 0) - shown;
  return more > 0 ? [`and ${plural(more, 'person', 'people')} more`] : [];
}

/** As many names per role as fit into the list. */
function mostPerRole(found: readonly InstanceHolders[]): number {
  const sizes = found.flatMap(({ holders }) => holders.map(({ people }) => people?.length ?? 0));
  const fits = [1000, 300, 100, 30, 10, 3].find(
    (most) => sizes.reduce((sum, size) => sum + Math.min(size, most), 0) <= MOST_ROWS,
  );
  return fits ?? 1;
}
