import { describe, expect, it } from '@jest/globals';
import { planGithub } from '../../src/render/ci/plan-github.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { emptyPlan, fullDrift, fullPlan } from '../support/plan-builder.js';
import { hostileNames } from '../support/plan-changes.js';

describe('planGithub', () => {
  it('shows refusals as errors, warnings at their place and everything else as notices', () => {
    const lines = planGithub(fullPlan()).trimEnd().split('\n');
    const titles = (command: string): (string | undefined)[] =>
      lines.filter((line) => line.startsWith(command)).map((line) => /title=([^:]*)/.exec(line)?.[1]);
    expect(titles('::error')).toEqual(['escalation', 'ambiguous-name']);
    expect(titles('::warning')).toEqual([
      ...Array<string>(6).fill('weakened-guard'),
      ...Array<string>(2).fill('accepted-drift'),
      'deletes-break-scim',
      'rename-breaks-saml',
    ]);
    expect(titles('::notice')).toEqual(['max-deletes', 'accepted-drift']);
    expect(lines.find((line) => line.includes('rename-breaks-saml'))).toContain(
      'file=domo-roles.yaml,line=12,col=5',
    );
    expect(lines[0]).toContain('--allow escalation');
  });

  it('shows each difference of a drift document as an error, and nothing for an empty plan', () => {
    expect(planGithub(fullDrift()).match(/^::error /gm)).toHaveLength(10);
    expect(planGithub(emptyPlan())).toBe('');
  });

  it.each(HOSTILE_TEXTS)('keeps one line per command when a name %s', (_what, text) => {
    const lines = planGithub(fullPlan(hostileNames(text)))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(14);
    for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) /);
  });
});
