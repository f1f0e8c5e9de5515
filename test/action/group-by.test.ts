import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openWorkshop } from './support.js';
import type { Workshop } from './support.js';

let workshop: Workshop;

beforeAll(async () => {
  workshop = await openWorkshop();
});

afterAll(() => workshop.close());

beforeEach(async () => {
  await workshop.stage.sandbox.reset();
  await workshop.stage.write(
    'm/domo-roles.yaml',
    `apiVersion: domo-roles/v1
kind: Roles
roles:
  Data Analyst: { owner: finance-data, description: Another one }
  People Manager: { description: Looks after people }
`,
  );
});

const owners = (text: string): string[] => text.match(/^### Roles.*: (?:owner .*|no owner)$/gmu) ?? [];

describe('The input group-by', () => {
  const inputs = { manifest: 'm', comment: 'false' };

  it.each(['plan', 'drift', 'apply'])('groups the roles by owner in %s', async (mode) => {
    const step = { ...workshop.target, ...inputs, mode, report: 'html=out.html' };
    const grouped = await workshop.within({ ...step, 'group-by': 'owner' });
    expect(owners(grouped.summary)).toHaveLength(2);
    expect(grouped.log).toContain('Owner finance-data: 1 role');
    const html = await readFile(join(workshop.stage.folder, 'out.html'), 'utf8');
    expect(html.match(/<h3 class="owner">/gu)).toHaveLength(2);
  });

  it.each(['plan', 'drift'])('has no effect on %s if it is empty', async (mode) => {
    const ended = await workshop.within({ ...workshop.target, ...inputs, mode });
    expect(owners(ended.summary)).toEqual([]);
    expect(ended.log).not.toContain('Owner finance-data');
  });

  it('accepts only owner', async () => {
    const ended = await workshop.within({ ...workshop.target, ...inputs, mode: 'plan', 'group-by': 'team' });
    expect(ended.code).toBe(1);
    expect(ended.log).toContain('the input group-by must be one of: owner');
  });
});
