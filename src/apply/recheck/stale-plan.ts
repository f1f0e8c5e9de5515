import { byCodeUnit } from '../../model/sort.js';
import { visibleText } from '../../model/quoted-name.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import { objectText } from '../../plan/object-ref.js';
import type { ObjectRef } from '../../plan/object-ref.js';
import { problem, ProblemError } from '../../problem/problem.js';
import { grantsText } from '../compare-grants.js';

/** A field of a live object, as messages name it. */
export type FieldName =
  | ('name' | 'description' | 'grants' | 'members')
  | ('role id' | 'role' | 'roles' | 'email' | 'kind of account');

/** A field of a live object that has neither its recorded nor its planned value. */
export interface StaleField {
  of: ObjectRef;
  /** The object for messages: `role "A"`. */
  label: string;
  field: FieldName;
  before: unknown;
  now: unknown;
}

/** Raised for a stale plan. Has each changed field, so that callers can look up who changed it. */
export class StalePlanError extends ProblemError {
  override readonly name = 'StalePlanError';
  readonly fields: readonly StaleField[];

  constructor(fields: readonly StaleField[]) {
    const sorted = [...fields].sort(
      (a, b) => byCodeUnit(objectText(a.of), objectText(b.of)) || byCodeUnit(a.field, b.field),
    );
    super(
      objectsOf(sorted).map((fields) =>
        problem('stale-plan', visibleText(`${STALE}: ${changeText(fields, 'it was made')}`), {
          where: { what: fields[0].label },
          hint: HINT,
        }),
      ),
    );
    this.fields = sorted;
  }
}

const STALE = 'the plan is stale';
const HINT = 'plan again, and review what changed';

/** The same as one refusal, for documents. */
export function staleRefusal(fields: readonly StaleField[]): Refusal {
  const items = staleTexts(fields);
  return refusal('stale-plan', STALE, { figure: items.length, items, hint: HINT });
}

/** A message for each changed object: `role "A" changed since it was made (grants: + content.export)`. */
export function staleTexts(fields: readonly StaleField[], since = 'it was made'): string[] {
  return objectsOf(fields).map((ofObject) => changeText(ofObject, since));
}

type Fields = readonly [StaleField, ...StaleField[]];

/** The fields of each object, in the order in which the objects first appear. */
function objectsOf(fields: readonly StaleField[]): Fields[] {
  const objects = new Map<string, [StaleField, ...StaleField[]]>();
  for (const one of fields) {
    const known = objects.get(objectText(one.of));
    if (known) known.push(one);
    else objects.set(objectText(one.of), [one]);
  }
  return [...objects.values()];
}

function changeText(fields: Fields, since: string): string {
  return `${fields[0].label} changed since ${since} (${[...new Set(fields.map(fieldText))].join('; ')})`;
}

/** Fields that every role has. If one is now null, the role was deleted. */
const ROLE_FIELDS: ReadonlySet<FieldName> = new Set(['name', 'description', 'grants']);

function fieldText({ field, before, now }: StaleField): string {
  if (now === null && ROLE_FIELDS.has(field)) return 'deleted';
  if (!isTexts(before) || !isTexts(now)) return `${field}: ${valueText(before)} → ${valueText(now)}`;
  const quoted = field === 'roles';
  const gained = now.filter((one) => !before.includes(one));
  const lost = before.filter((one) => !now.includes(one));
  const list = (texts: readonly string[]): string =>
    grantsText(quoted ? texts.map((text) => JSON.stringify(text)) : texts);
  const parts = [
    ...(gained.length > 0 ? [`+ ${list(gained)}`] : []),
    ...(lost.length > 0 ? [`- ${list(lost)}`] : []),
  ];
  return `${field}: ${parts.join(', ')}`;
}

function valueText(value: unknown): string {
  return value === null || value === undefined ? 'none' : JSON.stringify(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
