/** A role. Ids 1 to 5 are the system roles; ids of custom roles have 8 to 10 digits. */
export interface SandboxRole {
  id: number;
  name: string;
  description: string | null;
  /** The grants of the role, which may include some that the catalogue does not list. */
  authorities: string[];
  /** Epoch milliseconds. */
  created: number;
  modified: number;
}

/** An account. Each has exactly one role. */
export interface SandboxUser {
  id: number;
  displayName: string;
  email: string | null;
  roleId: number;
  isPending: boolean;
  isSystemUser: boolean;
  isSupport: boolean;
  /** Deleted accounts stay in the state, because Domo's search finds them too. */
  deleted: boolean;
  /** Optional attributes: `department`, `jobTitle`, `hireDate` (epoch ms), `location`. */
  attributes: Record<string, string | number | boolean | null>;
}

/** One line of the authority catalogue, without the computed fields `roleIds` and `userCount`. */
export interface SandboxAuthority {
  authority: string;
  title: string;
  description: string;
  authorityUIGroup: string;
  /** Null to leave the field out of responses. */
  dependsOnAuthorities: string[] | null;
  adminLevel: boolean | null;
  /** Required features; the authority exists only while all of them are on. */
  features: string[];
}

/** The default role and the roles allowlist; null if the list is off. */
export interface SandboxSettings {
  defaultRoleId: number;
  allowlistRoleIds: number[] | null;
}

/** One event of the audit log, as in Domo. `time` is in epoch milliseconds. */
export interface AuditEvent {
  actionType: string;
  actorId: number;
  actorName: string;
  eventText: string;
  objectId: string;
  objectName: string;
  objectType: string;
  time: number;
  userName: string;
}

/** The password of an account. */
export interface SandboxPassword {
  password: string;
  userId: number;
  /** A locked account is refused even with the right password. */
  locked: boolean;
}

/** A whole instance as plain JSON, as stored and as returned by `state()`. */
export interface SandboxState {
  formatVersion: 1;
  kind: 'sandbox';
  /** Name of the instance. */
  instance: string;
  users: SandboxUser[];
  roles: SandboxRole[];
  settings: SandboxSettings;
  /** Customer states other than the default role. */
  customerStates: Record<string, string>;
  authorities: SandboxAuthority[];
  /** Feature switches that are on; null for all of them. */
  features: string[] | null;
  /** Access token → user id. */
  tokens: Record<string, number>;
  /** Session token → user id; issued by the login. */
  sessions: Record<string, number>;
  /** E-mail address in lower case → password. */
  passwords: Record<string, SandboxPassword>;
  /** Oldest first. */
  audit: AuditEvent[];
  /** The ids that the next new role and the next new account get. */
  nextId: { role: number; user: number };
}

/** A damaged state, or a value that is not a sandbox state. The message describes the problem and its place. */
export class SandboxStateError extends Error {
  override name = 'SandboxStateError';
  /** True for a state that another version of the program wrote, and can read. */
  readonly isOtherFormat: boolean;

  constructor(message: string, { isOtherFormat = false } = {}) {
    super(message);
    this.isOtherFormat = isOtherFormat;
  }
}

/**
 * Checks that a value is a sandbox state. `where` names it in messages, such as a file name. Raises `SandboxStateError` with
 * the first problem.
 */
export function checkState(value: unknown, where: string): SandboxState {
  if (isFields(value) && Object.hasOwn(value, 'formatVersion') && value.formatVersion !== 1) {
    const found = JSON.stringify(value.formatVersion).slice(0, 40);
    const message = `${where} has format ${found}, and this version of domo-roles reads format 1`;
    throw new SandboxStateError(message, { isOtherFormat: true });
  }
  const fault = firstFault(value);
  if (fault !== null) throw new SandboxStateError(`${where} is not a sandbox state: ${fault}`);
  return value as SandboxState;
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0;
const isText = (value: unknown): boolean => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isIds = (value: unknown): boolean => Array.isArray(value) && value.every(isId);
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const orNull =
  (test: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || test(value);
const isMapOf = (test: (value: unknown) => boolean) => (value: unknown) =>
  isFields(value) && Object.values(value).every(test);

type Shape = Record<string, (value: unknown) => boolean>;

const ROLE: Shape = { id: isId, name: isText, description: orNull(isText), authorities: isTexts };
const USER: Shape = {
  id: isId,
  displayName: isText,
  email: orNull(isText),
  roleId: isId,
  isPending: isFlag,
  isSystemUser: isFlag,
  isSupport: isFlag,
  deleted: isFlag,
  attributes: isFields,
};
const AUTHORITY: Shape = {
  authority: isText,
  title: isText,
  dependsOnAuthorities: orNull(isTexts),
  adminLevel: orNull(isFlag),
  features: isTexts,
};
const PASSWORD: Shape = { password: isText, userId: isId, locked: isFlag };
const TOP: Shape = {
  formatVersion: (value) => value === 1,
  kind: (value) => value === 'sandbox',
  instance: isText,
  settings: (value) => isFields(value) && isId(value.defaultRoleId) && orNull(isIds)(value.allowlistRoleIds),
  customerStates: isMapOf(isText),
  features: orNull(isTexts),
  tokens: isMapOf(isId),
  sessions: isMapOf(isId),
  passwords: isMapOf((value) => isFields(value) && wrongField(value, PASSWORD) === null),
  audit: (value) =>
    Array.isArray(value) && value.every((event) => isFields(event) && isText(event.objectType)),
  nextId: (value) => isFields(value) && isId(value.role) && isId(value.user),
};

function wrongField(value: Fields, shape: Shape): string | null {
  for (const [name, test] of Object.entries(shape)) {
    if (!Object.hasOwn(value, name)) return `"${name}" is missing`;
    if (!test(value[name])) return `"${name}" has an invalid value`;
  }
  return null;
}

function firstFault(value: unknown): string | null {
  if (!isFields(value)) return 'it is not a JSON object';
  const top = wrongField(value, TOP);
  if (top !== null) return top;
  for (const [list, shape] of [
    ['roles', ROLE] as const,
    ['users', USER] as const,
    ['authorities', AUTHORITY] as const,
  ]) {
    const rows = value[list];
    if (!Array.isArray(rows)) return `"${list}" is not a list`;
    for (const [index, row] of rows.entries()) {
      const fault = isFields(row) ? wrongField(row, shape) : 'it is not an object';
      if (fault !== null) return `${list}[${index}]: ${fault}`;
    }
  }
  return null;
}
