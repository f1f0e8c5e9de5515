/** The category of a code; it decides the exit code. */
export type Category =
  /** Network, authentication, usage, internal: exit 1. */
  | 'runtime'
  /** The manifest is wrong, by itself or against the instance: exit 3. */
  | 'manifest'
  /** A guard or a refusal: exit 4. */
  | 'refusal'
  /** Worth knowing, changes no exit code. */
  | 'warning';

export interface CodeEntry {
  category: Category;
  /** A short title for tables and SARIF rules. */
  title: string;
}

/**
 * Every code of a problem: the source of the reference page and of the SARIF rules.
 * Grouped by the step that finds it; in each group in alphabetical order.
 */
export const CODES = {
  // The manifest by itself.
  'alias-bomb': { category: 'manifest', title: 'Too many YAML aliases' },
  'bad-date': { category: 'manifest', title: 'Not a date' },
  'bad-limit': { category: 'manifest', title: 'Not a valid limit' },
  'bad-value': { category: 'manifest', title: 'A value that does not fit the schema' },
  'base-not-found': { category: 'manifest', title: 'A base named by extends does not exist' },
  'based-on-no-effect': { category: 'warning', title: 'basedOn beside exact grants has no effect' },
  'column-not-read': { category: 'warning', title: 'An unused column of a members file' },
  'default-removed': { category: 'manifest', title: 'The default role is removed' },
  'duplicate-key': { category: 'manifest', title: 'A key appears twice' },
  'duplicate-person': { category: 'manifest', title: 'A person is in more roles than one person can be' },
  'duplicate-role': { category: 'manifest', title: 'A role is defined twice' },
  'empty-value': { category: 'manifest', title: 'Empty, probably by mistake' },
  'exact-default-members': { category: 'warning', title: 'Exact members on the default role' },
  'extends-cycle': { category: 'manifest', title: 'extends forms a cycle' },
  'feature-off': { category: 'warning', title: 'The feature that a grant needs may be off' },
  'file-too-large': { category: 'manifest', title: 'A file is too large' },
  'forbidden-default': { category: 'manifest', title: 'The default role would hold authorization.roles' },
  'forbidden-on-allowlist': {
    category: 'manifest',
    title: 'A role on the allowlist would hold authorization.roles',
  },
  'from-cycle': { category: 'manifest', title: 'from forms a cycle' },
  'inherit-nothing': { category: 'manifest', title: 'inherit with nothing below it' },
  'manages-nothing': { category: 'manifest', title: 'The manifest manages nothing' },
  'manifest-not-found': { category: 'runtime', title: 'There is no manifest' },
  'members-file': { category: 'manifest', title: 'A members file that cannot be used' },
  'missing-dependency': { category: 'warning', title: 'A grant that another one depends on is missing' },
  'missing-key': { category: 'manifest', title: 'A key is missing' },
  'near-names': { category: 'manifest', title: 'Two role names look alike' },
  'no-return': { category: 'manifest', title: 'An entry with until has no role to go back to' },
  'path-outside': { category: 'manifest', title: 'A path leaves the folder it must stay in' },
  'remove-needed': { category: 'warning', title: 'remove drops a grant that the rest of the list needs' },
  'remove-no-effect': { category: 'warning', title: 'remove has no effect' },
  'removed-and-wanted': { category: 'manifest', title: 'A role is both removed and declared' },
  'rename-claim': { category: 'manifest', title: 'Two roles claim one old name' },
  'rename-cycle': { category: 'manifest', title: 'renamedFrom forms a cycle' },
  'replaces-base': { category: 'warning', title: 'A map replaces a list of its base' },
  'said-twice': { category: 'manifest', title: 'Two files set the same key' },
  'system-role': { category: 'manifest', title: 'System roles can only be given members' },
  'unknown-grant': { category: 'manifest', title: 'A grant that the instance does not have' },
  'unknown-grant-set': { category: 'manifest', title: 'A grant set that does not exist' },
  'unknown-key': { category: 'manifest', title: 'A key that does not exist' },
  'unknown-pin': { category: 'manifest', title: 'A pinned role id that is not live' },
  'unknown-role': { category: 'manifest', title: 'A role that does not exist' },
  'unmanaged-no-effect': { category: 'warning', title: 'unmanaged with nothing below it' },
  'wrong-destination': { category: 'manifest', title: 'removedMembersTo cannot take people' },
  'yaml-syntax': { category: 'manifest', title: 'Not YAML' },

  // An inventory of instances.
  'bad-instance': { category: 'manifest', title: 'Not the name of an instance' },
  'duplicate-instance': { category: 'manifest', title: 'An instance is listed twice' },
  'empty-fleet': { category: 'manifest', title: 'A fleet without an instance' },
  'empty-wave': { category: 'warning', title: 'A wave that matches no instance' },
  'instance-table': { category: 'manifest', title: 'A table of instances that cannot be used' },
  'inventory-not-found': { category: 'runtime', title: 'There is no inventory' },
  'missing-label': { category: 'manifest', title: 'A path needs a label that the instance does not have' },
  'other-instance': { category: 'manifest', title: 'A manifest of another instance' },
  'suspension-ended': { category: 'warning', title: 'A suspension that has ended' },

  // Refusals of a plan or an apply.
  'allowlist-forbidden': {
    category: 'refusal',
    title: 'A role on the allowlist would hold authorization.roles',
  },
  'allowlist-unreadable': { category: 'refusal', title: 'The roles allowlist cannot be read' },
  'ambiguous-name': { category: 'refusal', title: 'A live role has nearly this name' },
  'ambiguous-person': { category: 'refusal', title: 'Two live people have this address' },
  'ambiguous-rename': { category: 'refusal', title: 'It is unclear which live role is meant' },
  'default-forbidden': { category: 'refusal', title: 'The default role may not hold authorization.roles' },
  'deletes-default': { category: 'refusal', title: 'The default role would be deleted' },
  escalation: { category: 'refusal', title: 'A person gains a protected grant' },
  'instance-mismatch': { category: 'refusal', title: 'Made for another instance' },
  locked: { category: 'refusal', title: 'Another apply is running' },
  'max-deletes': { category: 'refusal', title: 'Too many roles deleted' },
  'max-grant-changes': { category: 'refusal', title: 'Too many grants changed' },
  'max-moves': { category: 'refusal', title: 'Too many people moved' },
  'min-admins': { category: 'refusal', title: 'Too few administrators' },
  'missing-people': { category: 'refusal', title: 'People who are not on the instance' },
  'no-destination': { category: 'refusal', title: 'No role for people who are removed' },
  'not-confirmed': { category: 'refusal', title: 'Not confirmed' },
  'plan-format': { category: 'refusal', title: 'A plan file of another format' },
  'plan-tampered': { category: 'refusal', title: 'A plan file whose content does not match its changes' },
  'required-admins': { category: 'refusal', title: 'A required administrator is missing' },
  rule: { category: 'refusal', title: 'A rule of the policy is broken, or more than before' },
  'self-lockout': { category: 'refusal', title: 'The acting person would lose authorization.roles' },
  'stale-plan': { category: 'refusal', title: 'The instance changed since the plan was made' },
  'unmanaged-roles': { category: 'refusal', title: 'Live roles that the manifest does not name' },

  // Refusals of a fleet.
  'max-instances': { category: 'refusal', title: 'Too many instances changed at once' },
  'min-instances': { category: 'refusal', title: 'The inventory has too few instances' },

  // Warnings of a plan.
  'accepted-drift': { category: 'warning', title: 'Accepted drift that is in force' },
  'accepted-drift-expired': { category: 'warning', title: 'Accepted drift that has expired' },
  'accepted-drift-unused': { category: 'warning', title: 'Accepted drift that matches nothing' },
  'address-changed': { category: 'warning', title: 'The address beside an id is not the live one' },
  'audit-incomplete': { category: 'warning', title: 'The audit log was not read, or only in part' },
  'deletes-break-scim': { category: 'warning', title: 'SCIM identifies roles by id' },
  drift: { category: 'warning', title: 'The instance differs from the manifest' },
  'end-without-role': {
    category: 'warning',
    title: 'A membership has ended, and the role to go to is not live',
  },
  'end-would-be-refused': {
    category: 'warning',
    title: 'A guard would refuse the coming end of a membership',
  },
  'ended-entry': { category: 'warning', title: 'An entry that has ended and can be removed' },
  'ends-soon': { category: 'warning', title: 'A membership ends soon' },
  'held-by-dependency': { category: 'warning', title: 'Held because another grant needs it' },
  'left-out-person': { category: 'warning', title: 'A missing person is left out' },
  'looks-like-rename': {
    category: 'warning',
    title: 'A new role that looks like a live one under another name',
  },
  'may-be-same-person': { category: 'warning', title: 'A missing and an unlisted person may be the same' },
  'new-name-instead': { category: 'warning', title: 'An old name that is still in use has no effect' },
  'new-role-id': { category: 'warning', title: 'A role that is created again has a new id' },
  'old-name-not-live': {
    category: 'warning',
    title: 'A role is created because none of its old names is live',
  },
  'policy-file': { category: 'warning', title: 'A policy file is applied on top of the manifest' },
  'policy-in-working-tree': {
    category: 'warning',
    title: 'The policy file can be changed together with the manifest',
  },
  'policy-override': { category: 'warning', title: 'A policy file changes what the manifest sets' },
  'protected-without-people': {
    category: 'warning',
    title: 'A role without people gains a protected grant',
  },
  'rename-breaks-saml': { category: 'warning', title: 'SAML identifies roles by name' },
  'rollback-continued': { category: 'warning', title: 'A rollback that did not finish is continued' },
  'rule-broken': { category: 'warning', title: 'A rule of the policy is broken' },
  'rule-empty-role': {
    category: 'warning',
    title: 'The first member of a role will break a rule',
  },
  'rule-in-force': { category: 'warning', title: 'A rule of the policy that is in force' },
  'rule-transient': { category: 'warning', title: 'A rule is broken by an intermediate step' },
  'rule-unknown-name': { category: 'warning', title: 'A rule refers to something that does not exist' },
  'split-gap': { category: 'warning', title: 'A person lacks a grant for a short time' },
  'unproven-settings': { category: 'warning', title: 'The role settings cannot be read' },
  'weakened-guard': { category: 'warning', title: 'A guard that is weaker than its default' },

  // Warnings of a run.
  'journal-incomplete': { category: 'warning', title: 'The journal of a run lacks entries' },
  'lock-elsewhere': {
    category: 'warning',
    title: 'The lock is kept where runs from other folders do not see it',
  },
  'lock-stays': { category: 'warning', title: 'The lock could not be released' },

  // Runtime and usage.
  'answer-too-large': { category: 'runtime', title: 'A response was too large' },
  authentication: { category: 'runtime', title: 'The instance rejected this token or password' },
  'bad-answer': { category: 'runtime', title: 'A response that cannot be used' },
  'bad-file': { category: 'runtime', title: 'A file that cannot be used' },
  'bad-target': { category: 'runtime', title: 'A target that cannot be used' },
  'blocked-network': { category: 'runtime', title: 'The instance does not accept this network' },
  forbidden: { category: 'runtime', title: 'The token lacks a permission' },
  'http-error': { category: 'runtime', title: 'The instance answered with an error' },
  internal: { category: 'runtime', title: 'An internal error of domo-roles' },
  interrupted: { category: 'runtime', title: 'Interrupted' },
  'no-credential': { category: 'runtime', title: 'There is no credential for this instance' },
  'no-such-run': { category: 'runtime', title: 'There is no such run' },
  'no-target': { category: 'runtime', title: 'No instance was named, or no credential' },
  'not-found': { category: 'runtime', title: 'Not found on the instance' },
  'policy-not-found': { category: 'runtime', title: 'There is no such policy file' },
  'read-only': { category: 'runtime', title: 'A write through a read-only client' },
  'shared-token': { category: 'runtime', title: 'Two instances have the same credential' },
  'short-list': { category: 'runtime', title: 'A list is incomplete' },
  'too-many-requests': { category: 'runtime', title: 'The instance is limiting requests' },
  unreachable: { category: 'runtime', title: 'No response' },
  usage: { category: 'runtime', title: 'The command line is invalid' },
  'webhook-failed': { category: 'runtime', title: 'A webhook did not accept its message' },
  'write-failed': { category: 'runtime', title: 'A write did not have its intended effect' },
} as const satisfies Record<string, CodeEntry>;

/** A code from the closed table. */
export type ProblemCode = keyof typeof CODES;

/** The category of a code. */
export function categoryOf(code: ProblemCode): Category {
  return CODES[code].category;
}
