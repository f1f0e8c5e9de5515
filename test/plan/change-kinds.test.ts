import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CHANGE_KINDS, affectsAccess, isSetting } from '../../src/plan/change-kinds.js';

interface PlanSchema {
  $defs: Record<string, unknown> & { change: { oneOf: { $ref: string }[] } };
}

describe('the kinds of changes', () => {
  it('are those of the published schema of plans', () => {
    const { $defs } = JSON.parse(readFileSync('schemas/plan.v1.schema.json', 'utf8')) as PlanSchema;
    const published = $defs.change.oneOf.map(({ $ref }) => {
      const { properties } = $defs[$ref.replace('#/$defs/', '')] as {
        properties: { kind: { const: string } };
      };
      return properties.kind.const;
    });
    expect([...CHANGE_KINDS].sort()).toEqual(published.sort());
  });

  it('of settings are those of the default role and the allowlist', () => {
    expect(CHANGE_KINDS.filter((kind) => isSetting({ kind }))).toEqual(['defaultRole.set', 'allowlist.set']);
  });

  it('affect access if they write grants, move people or delete a role', () => {
    expect(CHANGE_KINDS.filter((kind) => affectsAccess({ kind }))).toEqual([
      'grants.set',
      'members.move',
      'role.delete',
    ]);
  });
});
