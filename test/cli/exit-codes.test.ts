import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';

const HEAD = 'apiVersion: domo-roles/v1\nkind: Roles\n';

/** Manifests for the seeded company, by the only finding of each. */
const FINDINGS = {
  nothing: 'roles: { Data Analyst: {} }\n',
  'a difference': 'roles: { Data Analyst: { description: Other } }\n',
  'a missing person': 'roles: { Participant: { members: { mode: additive, users: [nobody@acme.com] } } }\n',
  'unmanaged roles, reported': 'roles: { Data Analyst: {} }\npolicy: { unmanagedRoles: report }\n',
  'unmanaged roles, refused': 'roles: { Data Analyst: {} }\npolicy: { unmanagedRoles: fail }\n',
  'a retired grant': 'roles: { Data Analyst: { grants: { mode: additive, add: [retired.grant] } } }\n',
  'an accepted difference':
    'roles: { Data Analyst: { description: Other } }\npolicy: { acceptedDrift: [{ role: Data Analyst, what: description, reason: r, until: 2099-12-31 }] }\n',
  'an invalid manifest': 'roles: { Data Analyst: { grants: [] } }\n',
} as const;

describe('the exit code', () => {
  it.each<[keyof typeof FINDINGS, { plan: number; detailed: number; drift: number }]>([
    ['nothing', { plan: 0, detailed: 0, drift: 0 }],
    ['a difference', { plan: 0, detailed: 2, drift: 2 }],
    ['a missing person', { plan: 4, detailed: 4, drift: 2 }],
    ['unmanaged roles, reported', { plan: 0, detailed: 0, drift: 0 }],
    ['unmanaged roles, refused', { plan: 4, detailed: 4, drift: 2 }],
    ['a retired grant', { plan: 3, detailed: 3, drift: 3 }],
    ['an accepted difference', { plan: 0, detailed: 0, drift: 0 }],
    ['an invalid manifest', { plan: 3, detailed: 3, drift: 3 }],
  ])('is the expected one for %s', async (finding, { plan, detailed, drift }) => {
    const cwd = await mkdtemp(join(tmpdir(), 'domo-roles-exit-'));
    await writeFile(join(cwd, 'domo-roles.yaml'), HEAD + FINDINGS[finding]);
    const codeOf = async (...argv: string[]): Promise<number> =>
      (await runWithin([...argv, '--sandbox'], { cwd })).code;
    expect(await codeOf('plan')).toBe(plan);
    expect(await codeOf('plan', '--detailed-exitcode')).toBe(detailed);
    expect(await codeOf('drift')).toBe(drift);
  });
});
