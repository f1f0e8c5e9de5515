import type { Problem } from '../../problem/problem.js';
import type { DraftPolicy, ManifestDraft } from '../draft/draft.js';
import { accessRulesHold, rulesNameRemainingRoles } from './access-rules.js';
import { checkOnce, type CheckedRules } from './checked-rules.js';
import { datesExist, impossibleDriftDates } from './dates.js';
import { defaultRoleIsKept, settingsExcludeRoleManagers } from './default-role.js';
import { manifestIsNotEmpty, mapsAreNotEmpty } from './empty.js';
import { endStateNames } from './end-state.js';
import { basedOnHasEffect, noGrantCycles, removeHasEffect, grantSetsExist } from './grants.js';
import {
  defaultRoleIsNotExact,
  destinationAcceptsPeople,
  oneRolePerPerson,
  removedPeopleAreListed,
} from './members.js';
import { namesAreVisible, nearNames, pinnedIdsAreUnique, removedRolesAreNotWanted } from './names.js';
import { oldNamesAreUnique, renameCycles } from './renames.js';
import type { Rule } from './rule.js';
import { systemRolesAreUnedited } from './system-roles.js';
import { destinationHasNoTimedEntries, timedEntriesHaveReturnRole } from './timed-members.js';

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
