import { byCodeUnit } from '../../model/sort.js';
import type { MoveView } from '../facts/moves.js';
import { roleLabelText, type RoleLabel } from '../facts/role-labels.js';
import { oneLine } from '../format/one-line.js';
import { clip, formatNumber, plural } from '../format/phrases.js';
import { escapeHtml, lineHtml } from './escape.js';

/** The number of people who move from one role to another. */
export interface Flow {
  from: RoleLabel;
  to: RoleLabel;
  people: number;
}

/** Counts moves per pair of roles, the largest first. */
export function flowsOf(moves: readonly MoveView[]): Flow[] {
  const counts = new Map<string, Flow>();
  for (const { from, to } of moves) {
    const key = JSON.stringify([plainLabel(from), plainLabel(to)]);
    counts.set(key, { from, to, people: (counts.get(key)?.people ?? 0) + 1 });
  }
  return [...counts.values()].sort(
    (a, b) =>
      b.people - a.people ||
      byCodeUnit(plainLabel(a.from), plainLabel(b.from)) ||
      byCodeUnit(plainLabel(a.to), plainLabel(b.to)),
  );
}

/** The label of a role as raw text. Two roles on one side of the drawing have different ones. */
function plainLabel(label: RoleLabel): string {
  return roleLabelText(label, (name) => name);
}

/** A role on one side of the drawing. */
interface Stop {
  people: number;
  y: number;
  height: number;
  /** The height already filled by ribbons. */
  used: number;
}

const WIDTH = 960;
const LEFT = 300;
const RIGHT = WIDTH - LEFT;
const BAR = 8;
const GAP = 12;
/** The gap between labels. */
const LEAST_HEIGHT = 22;
/** The most flows in the label for screen readers. */
const LABELLED = 12;

/** Draws ribbons from the roles on the left to those on the right, with widths by number of people. `title` is the caption. */
export function flowDrawing(flows: readonly Flow[], title: string): string {
  const total = flows.reduce((sum, flow) => sum + flow.people, 0);
  const scale = Math.min(28, Math.max(140, Math.min(420, flows.length * 26)) / total);
  const from = stops(
    flows.map((flow) => ({ name: plainLabel(flow.from), people: flow.people })),
    scale,
  );
  const to = stops(
    flows.map((flow) => ({ name: plainLabel(flow.to), people: flow.people })),
    scale,
  );
  const height = Math.max(...[...from.values(), ...to.values()].map((stop) => stop.y + stop.height)) + 20;
  const ribbons = flows.map((flow) => ribbon(flow, { from, to, scale })).join('');
  const label = escapeHtml(clip(labelOf(flows, title), 900));
  return `<svg class="flow" viewBox="0 0 ${WIDTH} ${round(height)}" role="img" aria-label="${label}">${ribbons}${stopLabels(from, LEFT, 'end')}${stopLabels(to, RIGHT - BAR, 'start')}</svg>`;
}

function labelOf(flows: readonly Flow[], title: string): string {
  const listed = flows
    .slice(0, LABELLED)
    .map(
      (flow) =>
        `${formatNumber(flow.people)} from ${oneLine(plainLabel(flow.from))} to ${oneLine(plainLabel(flow.to))}`,
    );
  return `${title}: ${listed.join('; ')}${flows.length > LABELLED ? '; and more' : ''}`;
}

function stops(flows: readonly { name: string; people: number }[], scale: number): Map<string, Stop> {
  const counts = new Map<string, number>();
  for (const { name, people } of flows) counts.set(name, (counts.get(name) ?? 0) + people);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || byCodeUnit(a, b));
  const placed = new Map<string, Stop>();
  let y = 20;
  for (const [name, people] of sorted) {
    const height = Math.max(people * scale, 3);
    const room = Math.max(height, LEAST_HEIGHT);
    placed.set(name, { people, y: y + (room - height) / 2, height, used: 0 });
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
  const start = from.get(plainLabel(flow.from));
  const end = to.get(plainLabel(flow.to));
  if (!start || !end) return '';
  const width = Math.max(flow.people * scale, 1.5);
  const [y0, y1] = [start.y + start.used, end.y + end.used].map(round) as [number, number];
  start.used += width;
  end.used += width;
  const [x0, x1, middle] = [LEFT + BAR, RIGHT - BAR, WIDTH / 2];
  const path = `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}v${round(width)}C${middle} ${round(y1 + width)} ${middle} ${round(y0 + width)} ${x0} ${round(y0 + width)}z`;
  return `<path d="${path}"><title>${lineHtml(`${plainLabel(flow.from)} → ${plainLabel(flow.to)}: ${plural(flow.people, 'person', 'people')}`)}</title></path>`;
}

function stopLabels(side: ReadonlyMap<string, Stop>, x: number, anchor: 'start' | 'end'): string {
  return [...side]
    .map(([name, { people, y, height }]) => {
      const at = anchor === 'end' ? x - 10 : x + BAR + 10;
      const text = lineHtml(clip(oneLine(name), 32));
      const count = `<tspan class="count" dx="7">${formatNumber(people)}</tspan>`;
      return `<rect x="${x}" y="${round(y)}" width="${BAR}" height="${round(height)}" rx="2"/><text x="${at}" y="${round(y + height / 2 + 4.5)}" text-anchor="${anchor}">${text}${count}</text>`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
