import { groupBy } from './group.js';

/**
 * The cycles of a directed graph: each group of names that reach each other (or one that reaches itself),
 * in the order given. Without recursion, so that a long chain cannot exhaust the stack.
 */
export function cyclesOf(all: readonly string[], next: (name: string) => readonly string[]): string[][] {
  // Names without edges are in no cycle; most have none.
  const names = all.filter((name) => next(name).length > 0);
  const order = finishOrder(names, next);
  const back = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const name of names) for (const target of next(name)) back.get(target)?.push(name);
  const groupOf = new Map<string, string>();
  for (const name of order.reverse()) {
    const open = [name];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (groupOf.has(one)) continue;
      groupOf.set(one, name);
      for (const source of back.get(one) ?? []) open.push(source);
    }
  }
  const groups = [...groupBy(names, (name) => groupOf.get(name)).values()];
  return groups.filter(
    ([first, second]) => second !== undefined || (first !== undefined && next(first).includes(first)),
  );
}

function finishOrder(names: readonly string[], next: (name: string) => readonly string[]): string[] {
  const known = new Set(names);
  const seen = new Set<string>();
  const order: string[] = [];
  for (const start of names) {
    const open = [{ name: start, left: [start] }];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const name = top.left.pop();
      if (name === undefined) {
        open.pop();
        if (open.length > 0) order.push(top.name);
      } else if (known.has(name) && !seen.has(name)) {
        seen.add(name);
        open.push({ name, left: [...next(name)] });
      }
    }
  }
  return order;
}
