import { describe, expect, it } from '@jest/globals';
import type { Ended } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';
import { stageForFile } from './support.js';
import { targetOf } from '../support/cli.js';

/** The role that some answers do not have yet. */
const LATE = 604_118_927;

/** How these answers looked before the role was created. */
const BEFORE: Readonly<Record<string, (body: { id?: number; roleIds?: number[] }[]) => unknown>> = {
  '/api/authorization/v1/roles': (roles) => roles.filter(({ id }) => id !== LATE),
  '/api/authorization/v1/authorities': (grants) =>
    grants.map((one) => ({ ...one, roleIds: one.roleIds?.filter((id) => id !== LATE) })),
};

const COMMANDS = [
  ['export'],
  ['export', '--format', 'snapshot'],
  ['export', '--format', 'csv'],
  ['export', '--format', 'html'],
  ['get', 'people', '--format', 'json'],
  ['get', 'members', 'Data Analyst', '--format', 'json'],
  ['who-can', 'dataset.export'],
  ['diff', 'live', 'live'],
].map((command) => ({ command, line: command.join(' ') }));

describe('a person in a role that is not in the list of roles', () => {
  const held = stageForFile();

  /** Runs a command for which the role is missing from this many first responses about roles. */
  const run = (command: readonly string[], answers: number): Promise<Ended> => {
    const { stage } = held;
    let left = answers;
    return runWithin(command, {
      ...stage.within,
      env: targetOf(stage),
      now: () => Date.UTC(2027, 0, 31),
      fetchFor: () => async (request) => {
        const answer = await stage.sandbox.fetch(request);
        const before = BEFORE[new URL(request.url).pathname];
        if (!before || left-- <= 0) return answer;
        return Response.json(before((await answer.json()) as []));
      },
    });
  };

  it.each(COMMANDS)('is an error, and never left out: $line', async ({ command }) => {
    const ended = await run(command, Infinity);
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringContaining(`is in role ${LATE}, which is not`),
    ]);
  });

  it.each(COMMANDS)('causes the roles to be read again: $line', async ({ command }) => {
    expect(await run(command, 2)).toEqual(await run(command, 0));
  });
});
