import { nearName } from '../../model/names.js';
import type { NameStep, Rename } from './order-renames.js';

/**
 * Returns the steps with those that come after the deletes: of roles that get the name of a role that the plan deletes,
 * or nearly that name, because an instance may hold near names to be equal. Roles that wait for such a role wait as
 * well.
 *
 * Roles are created before anyone moves into them. So a role that gives its name to a new one cannot wait: it takes a
 * temporary name first, and gets its own after the deletes. `nameAside` returns the temporary name. The given steps are
 * changed.
 */
export function waitForDeletes(
  ordered: readonly NameStep[],
  deletedNames: readonly string[],
  nameAside: (step: Rename) => string,
): { steps: readonly NameStep[]; late: ReadonlySet<NameStep> } {
  const deleted = new Set(deletedNames.map(nearName));
  const isBlocked = ({ before, after }: NameStep): boolean =>
    before !== null && before.name !== after.name && deleted.has(nearName(after.name));
  const steps = [...ordered];
  for (;;) {
    const urgent = withAllBelow(steps.filter(({ before }) => before === null));
    const blocked = steps.find((step): step is Rename => urgent.has(step) && isBlocked(step));
    if (!blocked) return { steps, late: lateSteps(steps, urgent, isBlocked) };
    moveAside(blocked, steps, nameAside(blocked));
  }
}

/** Adds a step that gives the role a temporary name. Steps that wait for the role then wait for this step only. */
function moveAside(step: Rename, steps: NameStep[], name: string): void {
  const away: NameStep = { ...step, after: { ...step.before, name }, temporary: true, waitsFor: [] };
  for (const other of steps) other.waitsFor = other.waitsFor.map((first) => (first === step ? away : first));
  step.before = away.after;
  step.waitsFor = [...step.waitsFor, away];
  steps.splice(steps.indexOf(step), 0, away);
}

function lateSteps(
  steps: readonly NameStep[],
  urgent: ReadonlySet<NameStep>,
  isBlocked: (step: NameStep) => boolean,
): ReadonlySet<NameStep> {
  const late = new Set<NameStep>();
  // Unless a new role needs its name, a role takes a temporary name only when it can also get its own.
  const isEarlyHalf = ({ temporary, role }: NameStep): boolean =>
    temporary && [...late].some((other) => other.role.key === role.key);
  const isLate = (step: NameStep): boolean =>
    !urgent.has(step) &&
    (isBlocked(step) || isEarlyHalf(step) || step.waitsFor.some((first) => late.has(first)));
  for (let known = -1; known < late.size;) {
    known = late.size;
    for (const step of steps) if (isLate(step)) late.add(step);
  }
  return late;
}

/** These steps, and all that they wait for. */
function withAllBelow(steps: readonly NameStep[]): ReadonlySet<NameStep> {
  const all = new Set(steps);
  for (const step of all) for (const first of step.waitsFor) all.add(first);
  return all;
}
