import { byCodeUnit } from '../model/sort.js';
import type { Problem } from '../problem/problem.js';
import type { DraftPolicy, ManifestDraft } from './draft.js';
import { checkOnce, type CheckedRules } from './checked-rules.js';
import { rulesHold, rulesNameWhatStays } from './rules/access-rules.js';
import { defaultStays, managersStayOff } from './rules/default-role.js';
import { managesSomething, mapsSaySomething } from './rules/empty.js';
import { endStateNames } from './rules/end-state.js';
import { basedOnActs, noFromCycles, removeActs, setsExist } from './rules/grants.js';
import { defaultStaysOpen, destinationTakes, oneRoleEach, removeMeetsMembers } from './rules/members.js';
import { namesAreVisible, nearNames, pinnedOnce, removedOrWanted } from './rules/names.js';
import { daysAreReal, unrealDriftDays } from './rules/policy.js';
import { claimedOnce, renameCycles } from './rules/renames.js';
import type { Rule } from './rules/rule.js';
import { systemRolesStay } from './rules/system-roles.js';
import { destinationIsForGood, endsLeadSomewhere } from './rules/timed-members.js';

/** The rules for manifests beyond the schema that need no instance. */
export const RULES: readonly Rule[] = [
  basedOnActs,
  claimedOnce,
  daysAreReal,
  defaultStays,
  defaultStaysOpen,
  destinationIsForGood,
  destinationTakes,
  endsLeadSomewhere,
  endStateNames,
  managersStayOff,
  managesSomething,
  mapsSaySomething,
  namesAreVisible,
  nearNames,
  noFromCycles,
  oneRoleEach,
  pinnedOnce,
  removeActs,
  removeMeetsMembers,
  removedOrWanted,
  renameCycles,
  rulesHold,
  rulesNameWhatStays,
  setsExist,
  systemRolesStay,
];

/** Checks every rule; unsorted. With `known`, parts shared with earlier drafts are not checked again. */
export function checkDraft(draft: ManifestDraft, known?: CheckedRules): Problem[] {
  return RULES.flatMap((rule) => (known ? checkOnce(rule, draft, known) : rule.check(draft)));
}

/** Checks the rules that concern a policy alone, for a policy file over a saved plan. */
export function checkPolicyDraft(policy: DraftPolicy): Problem[] {
  return unrealDriftDays(policy);
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
