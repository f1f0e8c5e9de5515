/** What kind of trouble a code is; decides the exit code. */
export type Category =
  /** Network, authentication, usage, internal: exit 1. */
  | 'runtime'
  /** The manifest is wrong, by itself or against the instance: exit 3. */
  | 'manifest'
  /** A guard or a refusal: exit 4. */
  | 'refusal'
  /** Worth knowing, changes no exit code. */
  | 'warning';

interface CodeEntry {
  trouble: Category;
  /** A short title for tables and SARIF rules. */
  title: string;
}

/**
 * Every code that this program can say: the source of the reference page and of the SARIF rules.
 * Grouped by who says it; in each group by the alphabet.
 */
export const CODES = {
  // The manifest by itself.
  'alias-bomb': { trouble: 'manifest', title: 'Too many YAML aliases' },
  'base-not-found': { trouble: 'manifest', title: 'A base named by extends does not exist' },
  'bad-date': { trouble: 'manifest', title: 'Not a date' },
  'bad-limit': { trouble: 'manifest', title: 'A limit that makes no sense' },
  'bad-value': { trouble: 'manifest', title: 'A value that does not fit the schema' },
  'based-on-no-effect': { trouble: 'warning', title: 'basedOn beside exact grants has no effect' },
  'default-removed': { trouble: 'manifest', title: 'The default role is removed' },
  'duplicate-key': { trouble: 'manifest', title: 'A key stands twice' },
  'duplicate-person': { trouble: 'manifest', title: 'A person is in two roles' },
  'duplicate-role': { trouble: 'manifest', title: 'A role is said twice' },
  'empty-value': { trouble: 'manifest', title: 'Empty where that is likely an accident' },
  'exact-default-members': { trouble: 'warning', title: 'Exact members on the default role' },
  'extends-cycle': { trouble: 'manifest', title: 'extends goes round in a circle' },
  'feature-off': { trouble: 'warning', title: 'The feature a grant needs may be off' },
  'file-too-large': { trouble: 'manifest', title: 'A file is too large' },
  'forbidden-default': { trouble: 'manifest', title: 'The default role would hold authorization.roles' },
  'forbidden-on-allowlist': {
    trouble: 'manifest',
    title: 'A role on the allowlist would hold authorization.roles',
  },
  'from-cycle': { trouble: 'manifest', title: 'from goes round in a circle' },
  'manages-nothing': { trouble: 'manifest', title: 'The manifest manages nothing' },
  'manifest-not-found': { trouble: 'runtime', title: 'There is no manifest' },
  'members-file': { trouble: 'manifest', title: 'A members file that cannot be used' },
  'missing-dependency': { trouble: 'warning', title: 'A grant that another one depends on is missing' },
  'missing-key': { trouble: 'manifest', title: 'A key is missing' },
  'near-names': { trouble: 'manifest', title: 'Two role names look alike' },
  'path-outside': { trouble: 'manifest', title: 'A path leaves the folder it must stay in' },
  'remove-needed': { trouble: 'warning', title: 'remove takes away what the rest of the list needs' },
  'remove-no-effect': { trouble: 'warning', title: 'remove on an additive list takes nothing away live' },
  'removed-and-wanted': { trouble: 'manifest', title: 'A role is both wanted and removed' },
  'rename-claim': { trouble: 'manifest', title: 'Two roles claim one old name' },
  'rename-cycle': { trouble: 'manifest', title: 'renamedFrom goes round in a circle' },
  'said-twice': { trouble: 'manifest', title: 'Two files say the same key' },
  'system-role': { trouble: 'manifest', title: 'System roles can only be given members' },
  'unknown-grant': { trouble: 'manifest', title: 'A grant that the instance does not have' },
  'unknown-grant-set': { trouble: 'manifest', title: 'A grant set that does not exist' },
  'unknown-key': { trouble: 'manifest', title: 'A key that does not exist' },
  'unknown-pin': { trouble: 'manifest', title: 'A pinned role id that is not live' },
  'unknown-role': { trouble: 'manifest', title: 'A role that does not exist' },
  'wrong-destination': { trouble: 'manifest', title: 'removedMembersTo cannot take people' },
  'yaml-syntax': { trouble: 'manifest', title: 'Not YAML' },

  // Refusals of a plan or an apply.
  'allowlist-forbidden': {
    trouble: 'refusal',
    title: 'A role on the allowlist would hold authorization.roles',
  },
  'allowlist-unreadable': { trouble: 'refusal', title: 'The roles allowlist cannot be read' },
  'ambiguous-name': { trouble: 'refusal', title: 'A live role has nearly this name' },
  'ambiguous-person': { trouble: 'refusal', title: 'Two live people have this address' },
  'ambiguous-rename': { trouble: 'refusal', title: 'It is unclear which live role is meant' },
  'default-forbidden': { trouble: 'refusal', title: 'The default role may not hold authorization.roles' },
  'deletes-default': { trouble: 'refusal', title: 'The default role would be deleted' },
  escalation: { trouble: 'refusal', title: 'Somebody gains a protected grant' },
  'instance-mismatch': { trouble: 'refusal', title: 'Made for another instance' },
  locked: { trouble: 'refusal', title: 'Another apply is running' },
  'max-deletes': { trouble: 'refusal', title: 'Too many roles deleted' },
  'max-grant-changes': { trouble: 'refusal', title: 'Too many grants changed' },
  'max-moves': { trouble: 'refusal', title: 'Too many people moved' },
  'min-admins': { trouble: 'refusal', title: 'Too few administrators' },
  'missing-people': { trouble: 'refusal', title: 'People who are not on the instance' },
  'no-destination': { trouble: 'refusal', title: 'No role for people who are taken out' },
  'not-confirmed': { trouble: 'refusal', title: 'Nobody said yes' },
  'required-admins': { trouble: 'refusal', title: 'A required administrator is missing' },
  'plan-format': { trouble: 'refusal', title: 'A plan file of another form' },
  'plan-tampered': { trouble: 'refusal', title: 'A plan file that does not follow from its changes' },
  'self-lockout': { trouble: 'refusal', title: 'The acting person would lose authorization.roles' },
  'stale-plan': { trouble: 'refusal', title: 'The instance changed since the plan was made' },
  'unmanaged-roles': { trouble: 'refusal', title: 'Live roles that the manifest does not name' },

  // Warnings of a plan.
  'accepted-drift': { trouble: 'warning', title: 'Accepted drift that is in force' },
  'accepted-drift-expired': { trouble: 'warning', title: 'Accepted drift that has expired' },
  'accepted-drift-unused': { trouble: 'warning', title: 'Accepted drift that matches nothing' },
  'deletes-break-scim': { trouble: 'warning', title: 'SCIM goes by role id' },
  drift: { trouble: 'warning', title: 'The instance is not as the manifest says' },
  'held-by-dependency': { trouble: 'warning', title: 'Held because another grant needs it' },
  'left-out-person': { trouble: 'warning', title: 'A missing person is left out' },
  'looks-like-rename': {
    trouble: 'warning',
    title: 'A new role that looks like a live one under another name',
  },
  'new-name-instead': { trouble: 'warning', title: 'An old name that is not given up has no effect' },
  'new-role-id': { trouble: 'warning', title: 'A role that is made again has a new id' },
  'old-name-not-live': { trouble: 'warning', title: 'A role is made, as no old name of it is live' },
  'protected-without-people': {
    trouble: 'warning',
    title: 'A role without people comes to hold a protected grant',
  },
  'rename-breaks-saml': { trouble: 'warning', title: 'SAML goes by role name' },
  'split-gap': { trouble: 'warning', title: 'Somebody goes without a grant for a moment' },
  'weakened-guard': { trouble: 'warning', title: 'A guard that is weaker than its default' },
  'unproven-settings': { trouble: 'warning', title: 'The role settings cannot be read' },

  // Runtime and usage.
  'answer-too-large': { trouble: 'runtime', title: 'An answer was too large' },
  authentication: { trouble: 'runtime', title: 'The instance does not know this token or password' },
  'bad-answer': { trouble: 'runtime', title: 'An answer that makes no sense' },
  'bad-file': { trouble: 'runtime', title: 'A file that cannot be used' },
  'bad-target': { trouble: 'runtime', title: 'A target that cannot be used' },
  'blocked-network': { trouble: 'runtime', title: 'The instance does not accept this network' },
  forbidden: { trouble: 'runtime', title: 'The token may not do this' },
  'http-error': { trouble: 'runtime', title: 'The instance answered with an error' },
  internal: { trouble: 'runtime', title: 'A fault of domo-roles' },
  interrupted: { trouble: 'runtime', title: 'Stopped from outside' },
  'no-such-run': { trouble: 'runtime', title: 'There is no such run' },
  'no-target': { trouble: 'runtime', title: 'No instance was named' },
  'not-found': { trouble: 'runtime', title: 'Not found on the instance' },
  'read-only': { trouble: 'runtime', title: 'A write was asked of a reader' },
  'short-list': { trouble: 'runtime', title: 'A list was cut short' },
  'too-many-requests': { trouble: 'runtime', title: 'The instance asks to slow down' },
  unreachable: { trouble: 'runtime', title: 'No answer came' },
  usage: { trouble: 'runtime', title: 'The command was not understood' },
  'webhook-failed': { trouble: 'runtime', title: 'A webhook did not take its message' },
  'write-failed': { trouble: 'runtime', title: 'A write did not do what it should' },
} as const satisfies Record<string, CodeEntry>;

/** A code from the closed table. */
export type ProblemCode = keyof typeof CODES;

/** What kind of trouble a code is. */
export function categoryOf(code: ProblemCode): Category {
  return CODES[code].trouble;
}
