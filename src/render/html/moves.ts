import { byCodeUnit } from '../../model/sort.js';
import { codeHtml, escapeHtml, lineHtml, nameHtml } from './escape.js';
import type { ListData } from './list.js';
import { listFrame } from './list.js';
import { oneLine } from '../format/one-line.js';
import { clip, cut, figure, personLabel, plural } from '../format/phrases.js';
import { conditionText } from '../facts/conditions.js';
import type { PlanDocument } from '../vocabulary.js';

interface Flow {
  from: string;
  to: string;
  people: number;
}

/** Ribbons that the drawing shows; the table below has the rest. */
const MOST_RIBBONS = 24;

const WHY = {
  listed: 'listed in the manifest',
  'taken-out': 'taken out of an exact list',
  'role-deleted': 'their role is deleted',
};

const WHY_DRIFT = {
  listed: 'listed in the manifest',
  'taken-out': 'not in an exact list',
  'role-deleted': 'in a role that is not wanted',
};

/** Where the manifest lists people who are too many. */
const NOWHERE = '(listed in no role)';

/** Who goes from where to where: a drawing, a table of the same numbers, and everybody by name. */
export function peopleSection(document: PlanDocument): { html: string; list: ListData } | null {
  const drift = document.kind === 'drift';
  const moves = document.changes.flatMap((change) =>
    change.kind === 'members.move'
      ? change.people.map((move) => ({
          move,
          to: drift && move.why !== 'listed' ? NOWHERE : change.after.role,
        }))
      : [],
  );
  if (moves.length === 0) return null;
  const flows = flowsOf(
    moves.map(({ move, to }) => (drift ? { from: to, to: move.from } : { from: move.from, to })),
  );
  const titles = drift ? ['Role in the manifest', 'Role on the instance'] : ['From', 'To'];
  const list: ListData = {
    id: 'moves',
    noun: ['person', 'people'],
    columns: ['Person', ...titles, 'Why'].map((title) => ({ title, show: 'text' as const })),
    rows: moves.map(({ move, to }) => {
      const roles = drift ? [to, move.from] : [move.from, to];
      return [personLabel(move), ...roles.map(oneLine), (drift ? WHY_DRIFT : WHY)[move.why]];
    }),
  };
  const { shown, more } = cut(flows, 60);
  const rows = shown.map(
    (flow) =>
      `<tr><td>${nameHtml(flow.from)}</td><td>${nameHtml(flow.to)}</td><td class="number">${figure(flow.people)}</td></tr>`,
  );
  const rest = more > 0 ? `<p class="soft">and ${plural(more, 'smaller group')}, in the list below</p>` : '';
  const table = `<details class="card"><summary><span class="grow">The same as a table</span><span class="pill">${plural(flows.length, 'group')}</span></summary><div class="inside"><table class="rows"><thead><tr><th scope="col">${titles.join('</th><th scope="col">')}</th><th scope="col" class="number">People</th></tr></thead><tbody>${rows.join('')}</tbody></table>${rest}</div></details>`;
  return {
    html: `${drawing(flows, drift)}${table}\n<h3>Everybody by name</h3>${listFrame(list, 'address or role')}`,
    list,
  };
}

function flowsOf(pairs: readonly { from: string; to: string }[]): Flow[] {
  const counts = new Map<string, Flow>();
  for (const { from, to } of pairs) {
    const key = JSON.stringify([from, to]);
    const flow = counts.get(key) ?? { from, to, people: 0 };
    counts.set(key, { ...flow, people: flow.people + 1 });
  }
  return [...counts.values()].sort(
    (a, b) => b.people - a.people || byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to),
  );
}

interface Stop {
  name: string;
  people: number;
  y: number;
  height: number;
  /** How far ribbons have filled it. */
  used: number;
}

const WIDTH = 960;
const LEFT = 300;
const RIGHT = WIDTH - LEFT;
const BAR = 8;
const GAP = 12;
/** So that the labels of neighbours keep apart. */
const LEAST = 22;

function drawing(flows: readonly Flow[], drift: boolean): string {
  const { shown, more } = cut(flows, MOST_RIBBONS);
  const total = shown.reduce((sum, flow) => sum + flow.people, 0);
  const scale = Math.min(28, Math.max(140, Math.min(420, shown.length * 26)) / total);
  const from = stops(
    shown.map((flow) => ({ name: flow.from, people: flow.people })),
    scale,
  );
  const to = stops(
    shown.map((flow) => ({ name: flow.to, people: flow.people })),
    scale,
  );
  const height = Math.max(...[...from.values(), ...to.values()].map((stop) => stop.y + stop.height)) + 20;
  const ribbons = shown.map((flow) => ribbon(flow, { from, to, scale }));
  const told = shown
    .slice(0, 12)
    .map((flow) => `${figure(flow.people)} from ${oneLine(flow.from)} to ${oneLine(flow.to)}`);
  const label = `${drift ? 'People who are in another role than the manifest says' : 'People who move'}: ${told.join('; ')}${shown.length > 12 ? '; and more' : ''}`;
  const note =
    more > 0
      ? `<p class="soft">The ${figure(MOST_RIBBONS)} largest of ${figure(flows.length)} groups are drawn.</p>`
      : '';
  return `<svg class="flow" viewBox="0 0 ${WIDTH} ${round(height)}" role="img" aria-label="${escapeHtml(clip(label, 900))}">${ribbons.join('')}${labels(from, LEFT, 'end')}${labels(to, RIGHT - BAR, 'start')}</svg>${note}`;
}

function stops(flows: readonly { name: string; people: number }[], scale: number): Map<string, Stop> {
  const counts = new Map<string, number>();
  for (const { name, people } of flows) counts.set(name, (counts.get(name) ?? 0) + people);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || byCodeUnit(a, b));
  const placed = new Map<string, Stop>();
  let y = 20;
  for (const [name, people] of sorted) {
    const height = Math.max(people * scale, 3);
    const room = Math.max(height, LEAST);
    placed.set(name, { name, people, y: y + (room - height) / 2, height, used: 0 });
    y += room + GAP;
  }
  return placed;
}

interface Sides {
  from: ReadonlyMap<string, Stop>;
  to: ReadonlyMap<string, Stop>;
  scale: number;
}

function ribbon(flow: Flow, { from, to, scale }: Sides): string {
  const start = from.get(flow.from);
  const end = to.get(flow.to);
  if (!start || !end) return '';
  const thick = Math.max(flow.people * scale, 1.5);
  const [y0, y1] = [start.y + start.used, end.y + end.used].map(round) as [number, number];
  start.used += thick;
  end.used += thick;
  const [x0, x1, middle] = [LEFT + BAR, RIGHT - BAR, WIDTH / 2];
  const path = `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}v${round(thick)}C${middle} ${round(y1 + thick)} ${middle} ${round(y0 + thick)} ${x0} ${round(y0 + thick)}z`;
  return `<path d="${path}"><title>${lineHtml(`${flow.from} → ${flow.to}: ${plural(flow.people, 'person', 'people')}`)}</title></path>`;
}

function labels(side: ReadonlyMap<string, Stop>, x: number, anchor: 'start' | 'end'): string {
  return [...side.values()]
    .map(({ name, people, y, height }) => {
      const at = anchor === 'end' ? x - 10 : x + BAR + 10;
      const text = `${lineHtml(clip(oneLine(name), 32))}`;
      const count = `<tspan class="count" dx="7">${figure(people)}</tspan>`;
      return `<rect x="${x}" y="${round(y)}" width="${BAR}" height="${round(height)}" rx="2"/><text x="${at}" y="${round(y + height / 2 + 4.5)}" text-anchor="${anchor}">${text}${count}</text>`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The requests in order; what a drift document carries is the way back. */
export function requestSection(document: PlanDocument): { html: string; list: ListData } | null {
  const rows = document.changes.flatMap((change) => change.requests.map((request) => ({ change, request })));
  if (rows.length === 0) return null;
  const hasConditions = rows.some(({ request }) => request.when !== undefined);
  const list: ListData = {
    id: 'requests',
    noun: ['request', 'requests'],
    columns: [
      { title: '#', show: 'number' },
      { title: 'Change', show: 'text' },
      { title: 'Method', show: 'code' },
      { title: 'Path', show: 'code' },
      { title: 'Body', show: 'fold' },
      ...(hasConditions ? [{ title: 'Sent', show: 'text' as const }] : []),
    ],
    rows: rows.map(({ change, request }, index) => {
      const body =
        request.body === null || request.body === undefined ? '' : oneLine(JSON.stringify(request.body));
      const row = [index + 1, oneLine(change.id), request.method, oneLine(request.path), body];
      return hasConditions ? [...row, conditionText(request) || 'in any case'] : row;
    }),
  };
  const intro = `<p class="soft">In this order, and nothing else but reads. Where the last column names a condition, it is sent only then. A role that is not made yet stands as ${codeHtml('{new:NAME}')}.</p>`;
  return {
    html: `${intro}${listFrame(list, 'change, path or body')}`,
    list,
  };
}
