export type { SandboxAccess } from './access.js';
export { openSandbox, type Sandbox, type SandboxOptions } from './sandbox.js';
export { serveSandbox, type ServedSandbox } from './serve.js';
export { fetchByName, serveSandboxes, type SandboxesByName } from './serve-many.js';
export { allQuirks, NO_QUIRKS, QUIRKS, type Evidence, type QuirkInfo, type Quirks } from './quirks.js';
export { quirksOfReport, type ReportedQuirks } from './like.js';
export { parseQuirks, SandboxUsageError } from './parse-quirks.js';
export { FAULTS, type Fault, type FaultInfo, type FaultName } from './faults.js';
export { parseFaults } from './parse-faults.js';
export type { Edit } from './edits.js';
export type { LoggedRequest } from './request-log.js';
export { blankState, makeState, SANDBOX_PASSWORD, SANDBOX_TOKEN, seedState, type StateSize } from './seed.js';
export {
  checkState,
  SandboxStateError,
  type AuditEvent,
  type SandboxAuthority,
  type SandboxPassword,
  type SandboxRole,
  type SandboxSettings,
  type SandboxState,
  type SandboxUser,
} from './state.js';
export { loadState, saveState, stateFile } from './store.js';
