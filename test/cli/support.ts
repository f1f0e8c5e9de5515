import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { rm } from 'node:fs/promises';
import type { Outcome } from '../../src/apply/outcome.js';
import type { Plan } from '../../src/plan/plan.js';
import { isWrite } from '../../src/sandbox/faults.js';
import type { LoggedRequest, SandboxRole, SandboxState, SandboxUser } from '../../src/sandbox/index.js';
import { checkSchema } from '../support/check-schema.js';
import type { SchemaName } from '../../src/schema/index.js';
import { openStage } from '../support/cli.js';
import type { Ended, Stage } from '../support/cli.js';

/** The endpoint of roles. */
export const ROLES = '/api/authorization/v1/roles';

/** Ids in the seeded company. */
export const ID = {
  admin: 1,
  privileged: 2,
  editor: 3,
  participant: 4,
  social: 5,
  analyst: 810_756_122,
  engineer: 271_840_365,
  finance: 604_118_927,
  peopleManager: 939_502_218,
  oldReporting: 158_233_404,
} as const;

/** A stage for a whole file: one served instance and one folder, both reset before every test. */
export function stageForFile(open = openStage): { readonly stage: Stage } {
  let opened: Stage | undefined;
  const held = {
    get stage(): Stage {
      if (!opened) throw new Error('the stage opens before the first test');
      return opened;
    },
  };
  beforeAll(async () => {
    opened = await open();
  });
  beforeEach(async () => {
    const { stage } = held;
    stage.sandbox.setQuirks({});
    stage.sandbox.setFaults([]);
    await stage.sandbox.reset();
    stage.sandbox.clearLog();
    await rm(stage.folder, { recursive: true, force: true });
    await stage.write('.keep', '');
  });
  afterAll(() => opened?.close());
  return held;
}

/** The text of a manifest with this body. */
export function manifest(body: string): string {
  return `apiVersion: domo-roles/v1\nkind: Roles\n${body}`;
}

/** The document on stdout, which must match its published schema. */
export function checked<T>(ended: Ended, name: SchemaName): T {
  const document = JSON.parse(ended.stdout) as unknown;
  expect(checkSchema(name, document).slice(0, 3)).toEqual([]);
  return document as T;
}

/** The plan on stdout. */
export function planOf(ended: Ended): Plan {
  return checked<Plan>(ended, 'plan');
}

/** The outcome on stdout. */
export function outcomeOf(ended: Ended): Outcome {
  return checked<Outcome>(ended, 'outcome');
}

/** Plans as JSON. */
export async function planned(stage: Stage, ...args: string[]): Promise<Plan> {
  return planOf(await stage.run('plan', '--format', 'json', ...args));
}

/** Applies successfully, and expects that the next plan is empty. */
export async function settles(stage: Stage, ...args: string[]): Promise<Outcome> {
  const ended = await stage.run('apply', '--yes', '--format', 'json', ...args);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const outcome = outcomeOf(ended);
  const after = await stage.run('plan', '--detailed-exitcode', ...args);
  expect(after).toMatchObject({ code: 0, stderr: '' });
  expect(after.stdout).toContain('No changes');
  return outcome;
}

/** The writes to the instance, in order. */
export function writesOf({ sandbox }: Stage): Pick<LoggedRequest, 'method' | 'path' | 'body'>[] {
  return sandbox
    .log()
    .filter(({ method, path }) => isWrite(method, path))
    .map(({ method, path, body }) => ({ method, path, body }));
}

/** A live role by its name. */
export function roleNamed({ sandbox }: Stage, name: string): SandboxRole | undefined {
  return sandbox.state().roles.find((role) => role.name === name);
}

/** A person of the company, by first name. */
export function personNamed(state: SandboxState, first: string): SandboxUser {
  const found = state.users.find((user) => user.displayName.startsWith(`${first} `));
  if (!found) throw new Error(`nobody is called ${first}`);
  return found;
}

/** The name of a person's role. */
export function roleOf({ sandbox }: Stage, first: string): string | undefined {
  const state = sandbox.state();
  const { roleId } = personNamed(state, first);
  return state.roles.find((role) => role.id === roleId)?.name;
}

/** First names of the people in a role, without deleted accounts, sorted. */
export function peopleIn({ sandbox }: Stage, name: string): string[] {
  const state = sandbox.state();
  const role = state.roles.find((one) => one.name === name);
  return state.users
    .filter((user) => user.roleId === role?.id && !user.deleted)
    .map((user) => user.displayName.split(' ')[0] ?? '')
    .sort();
}

/** Codes of a plan's refusals, in order. */
export function refusedFor(plan: Plan): string[] {
  return plan.refusals.map((one) => one.code);
}
