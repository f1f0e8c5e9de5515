import { grantsWithout } from '../../model/closure.js';
import { assertNever } from '../../model/exhaustive.js';

import type { Drift, DriftChange } from '../../drift/drift.js';
import { ownerLookup, ownerNote } from './owners.js';
import type { PlanDocument } from '../vocabulary.js';
import { roleLabels, roleLabelText, type RoleLabel } from './role-labels.js';
import { grantsHeldBefore } from './role-views.js';
import { rolesOf, settingSides } from './settings.js';
import { violationNote, violationsOf } from './notes.js';
import { isEnd, isListed } from '../../model/standing.js';
import type { SettingChange } from '../../plan/change-kinds.js';
import type { Move } from '../../plan/change.js';
import { endedText } from './moves.js';
import { andMore, cut, personLabel, plural, nameText, series } from '../format/phrases.js';

/** A difference for machine-readable reports. */
export interface DriftItem {
  kind: string;
  /** The role or setting that differs. */
  subject: string;
  /** The difference as a sentence without a full stop. */
  text: string;
}

/** The most names in one sentence. */
const MOST = 20;

/**
 * The differences that make `drift` exit with 2, one item each: changes, missing people, violated rules, and unmanaged
 * roles with `unmanagedRoles: fail`. A plan has none.
 */
export function driftItems(drift: PlanDocument): DriftItem[] {
  if (drift.kind === 'plan') return [];
  const unmanaged = drift.unmanaged.policy === 'fail' ? drift.unmanaged.roles : [];
  return [
    ...drift.changes.map((change) => ({
      kind: change.kind,
      subject: subjectOf(change),
      text: `${differenceText(change, drift)}${byText(change)}`,
    })),
    ...drift.missingPeople.map((person) => ({
      kind: 'missing-people',
      subject: nameText(person),
      text: `${nameText(person)} is listed, but is not on the instance`,
    })),
    ...violationsOf(drift).map((violation) => ({
      kind: 'rule-broken',
      subject: nameText(violation.rule),
      text: violationNote(violation).message,
    })),
    ...unmanaged.map((role) => ({
      kind: 'unmanaged-roles',
      subject: nameText(role.name),
      text: `role ${nameText(role.name)} (id ${role.id}) is on the instance, but not in the manifest`,
    })),
  ];
}

function subjectOf(change: DriftChange): string {
  if (change.kind === 'defaultRole.set') return 'default role';
  if (change.role === null) return 'roles allowlist';
  // Extra people are one difference for each role that lists them.
  const isListedElsewhere =
    change.kind === 'members.move' && isTooMany(change) && change.people.some(({ why }) => isListed(why));
  const to = isListedElsewhere ? ` → ${nameText(change.after.role)}` : '';
  return `${nameText(change.role)}${to}`;
}

type DriftMove = Extract<DriftChange, { kind: 'members.move' }>;

/** Are these people in a role that they should not be in? Otherwise they should be in it and are not. */
function isTooMany({ roleId, people }: DriftMove): boolean {
  return people.some((move) => move.fromId === roleId);
}

function byText({ by }: DriftChange): string {
  return by === null ? '' : ` (by ${nameText(by)})`;
}

function differenceText(change: DriftChange, drift: Drift): string {
  const owner = change.roleId === null ? null : ownerLookup(drift.owners)(change.roleId);
  const role = `role ${nameText(change.role ?? '')}${ownerNote(owner)}`;
  switch (change.kind) {
    case 'role.create':
      return `${role} is not on the instance`;
    case 'role.update': {
      const { before, after } = change;
      return series([
        ...(before.name === after.name ? [] : [`${role} is called ${nameText(before.name)}`]),
        ...(before.description === after.description ? [] : [`the description of ${role} differs`]),
      ]);
    }
    case 'grants.set': {
      const had = grantsHeldBefore(change);
      const extra = grantsWithout(had, change.after);
      const lacking = grantsWithout(change.after, had);
      if (extra.length + lacking.length === 0) return `${role} should hold no grants`;
      return `${role} ${series([
        ...(extra.length > 0 ? [`holds ${list(extra)} beyond the manifest`] : []),
        ...(lacking.length > 0 ? [`lacks ${list(lacking)}`] : []),
      ])}`;
    }
    case 'members.move':
      return movesText(change, role, drift);
    case 'defaultRole.set':
      return `the default role is ${settingTexts(change, drift).join(', not ')}`;
    case 'allowlist.set':
      return `the roles allowlist is ${settingTexts(change, drift).join(', not ')}`;
    case 'role.delete': {
      const inside = drift.members.find(({ roleId }) => roleId === change.roleId)?.extra.length ?? 0;
      const people = inside > 0 ? `, with ${plural(inside, 'person', 'people')} in it` : '';
      return `${role} is on the instance and should not be${people}`;
    }
    default:
      return assertNever(change);
  }
}

function movesText(change: DriftMove, role: string, drift: Drift): string {
  const labels = roleLabels(drift);
  const people = change.people.map((move) => {
    if (change.roleId !== move.fromId)
      return `${personLabel(move)} (is in ${named(labels.live(move.from, move.fromId))})`;
    const listed = isListed(move.why)
      ? `listed in ${named(labels.end(change.after.role))}`
      : 'listed in no role';
    return `${personLabel(move)} (${[listed, ...endedTexts(move, drift)].join('; ')})`;
  });
  const verb = isTooMany(change)
    ? `${people.length === 1 ? 'is' : 'are'} in ${role} and should not be`
    : `should be in ${role} and ${people.length === 1 ? 'is' : 'are'} not`;
  return `${plural(people.length, 'person', 'people')} ${verb}: ${joined(people)}`;
}

function endedTexts({ why, until }: Move, drift: Drift): string[] {
  return isEnd(why) && until !== null ? [endedText(until, drift)] : [];
}

/** The live value of a setting, then that of the manifest. */
function settingTexts(change: SettingChange, drift: Drift): string[] {
  const { before, after } = settingSides(change, roleLabels(drift));
  return [before, after].map((value) => joined(rolesOf(value).map(named)));
}

function named(label: RoleLabel): string {
  return roleLabelText(label, nameText);
}

function list(values: readonly string[]): string {
  return joined(values.map(nameText));
}

function joined(texts: readonly string[]): string {
  const { shown, more } = cut(texts, MOST);
  return `${shown.join(', ')}${andMore(more)}`;
}
