import { describe, expect, it } from '@jest/globals';
import { sealPlan } from '../../src/plan/seal-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { checkSaved } from '../../src/schema/check-saved.js';
import { renderPlan } from '../../src/shell/output.js';
import { PLAN_FORMATS } from '../../src/shell/formats.js';
import { fullPlan } from '../support/plan-builder.js';

const HOSTILE =
  'x\u001b[2J\u0007\r\nFORGED\n::error::FORGED\u202e\u200b\u2028<script>FORGED</script>| `a` **b**\n# FORGED';

/** Replaces every text that the schema leaves free. */
function withHostileTexts(plan: Plan): Plan {
  const copy = JSON.parse(JSON.stringify(plan)) as unknown;
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (typeof item !== 'string') visit(item);
      else {
        const record = value as Record<string, unknown>;
        record[key] = HOSTILE;
        if (checkSaved('plan', copy).length > 0) record[key] = item;
      }
    }
  };
  visit(copy);
  return sealPlan(copy as Plan);
}

/** Does a character move the cursor, or hide or reorder text? JSON may contain zero-width spaces as they are. */
function isUnsafe(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return (code < 32 && char !== '\n') || code === 127 || /[\u202a-\u202e\u2028]/u.test(char);
}

describe('the texts of an edited plan with a new digest', () => {
  const plan = withHostileTexts(fullPlan());

  it.each(PLAN_FORMATS)('stay in their place: %s', async (format) => {
    const out = await renderPlan(plan, format, { colour: false, verbose: true });
    expect(out).toContain('FORGED');
    expect([...out].filter(isUnsafe)).toEqual([]);
    // JUnit keeps the lines of a text, within its element.
    if (format !== 'junit') expect(out).not.toMatch(/^\s*(?:FORGED|# FORGED|::error::FORGED)/mu);
    if (format === 'html' || format === 'junit') expect(out).not.toContain('<script>FORGED');
    else expect(out.includes('\u200b')).toBe(format === 'json' || format === 'sarif');
  });
});
