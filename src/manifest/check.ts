import { byCodeUnit } from '../model/sort.js';
import type { Problem } from '../problem/problem.js';
import type { DraftPolicy, ManifestDraft } from './draft.js';
import { checkOnce, type CheckedRules } from './checked-rules.js';
import { accessRulesHold, rulesNameRemainingRoles } from './rules/access-rules.js';
import { defaultRoleIsKept, settingsExcludeRoleManagers } from './rules/default-role.js';
import { manifestIsNotEmpty, mapsAreNotEmpty } from './rules/empty.js';
import { endStateNames } from './rules/end-state.js';
import { basedOnHasEffect, noGrantCycles, removeHasEffect, grantSetsExist } from './rules/grants.js';
import {
  defaultRoleIsNotExact,
  destinationAcceptsPeople,
  oneRolePerPerson,
  removedPeopleAreListed,
} from './rules/members.js';
import { namesAreVisible, nearNames, pinnedIdsAreUnique, removedRolesAreNotWanted } from './rules/names.js';
import { datesExist, impossibleDriftDates } from './rules/dates.js';
import { oldNamesAreUnique, renameCycles } from './rules/renames.js';
import type { Rule } from './rules/rule.js';
import { systemRolesAreUnedited } from './rules/system-roles.js';
import { destinationHasNoTimedEntries, timedEntriesHaveReturnRole } from './rules/timed-members.js';

/** The rules for manifests beyond the schema that need no instance. */
export const RULES: readonly Rule[] = [
  basedOnHasEffect,
  oldNamesAreUnique,
  datesExist,
  defaultRoleIsKept,
  defaultRoleIsNotExact,
  destinationHasNoTimedEntries,
  destinationAcceptsPeople,
  timedEntriesHaveReturnRole,
  endStateNames,
  settingsExcludeRoleManagers,
  manifestIsNotEmpty,
  mapsAreNotEmpty,
  namesAreVisible,
  nearNames,
  noGrantCycles,
  oneRolePerPerson,
  pinnedIdsAreUnique,
  removeHasEffect,
  removedPeopleAreListed,
  removedRolesAreNotWanted,
  renameCycles,
  accessRulesHold,
  rulesNameRemainingRoles,
  grantSetsExist,
  systemRolesAreUnedited,
];

/** Checks every rule; unsorted. With `known`, parts shared with earlier drafts are not checked again. */
export function checkDraft(draft: ManifestDraft, known?: CheckedRules): Problem[] {
  return RULES.flatMap((rule) => (known ? checkOnce(rule, draft, known) : rule.check(draft)));
}

/** Checks the rules that concern a policy alone, for a policy file over a saved plan. */
export function checkPolicyDraft(policy: DraftPolicy): Problem[] {
  return impossibleDriftDates(policy);
}

/** Sorts problems by file (in the given order), line, column and code; those without a place come last. */
export function inFileOrder(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const rank = new Map(files.map((file, index) => [file, index]));
  const fileOf = (one: Problem): number => rank.get(one.where?.file ?? '') ?? files.length;
  return [...problems].sort(
    (a, b) =>
      fileOf(a) - fileOf(b) ||
      byCodeUnit(a.where?.file ?? '', b.where?.file ?? '') ||
      (a.where?.line ?? 0) - (b.where?.line ?? 0) ||
      (a.where?.column ?? 0) - (b.where?.column ?? 0) ||
      byCodeUnit(a.code, b.code) ||
      byCodeUnit(a.message, b.message),
  );
}
