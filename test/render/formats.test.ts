import { describe, expect, it } from '@jest/globals';
import { planGithub } from '../../src/render/ci/plan-github.js';
import { planJunit } from '../../src/render/ci/plan-junit.js';
import { planSarif } from '../../src/render/ci/plan-sarif.js';
import { planHtml } from '../../src/render/html/plan.js';
import { planMarkdown } from '../../src/render/markdown/plan.js';
import { planText } from '../../src/render/text/plan.js';
import type { PlanDocument } from '../../src/render/vocabulary.js';
import { emptyPlan, fullDrift, fullPlan, planOf, someWarnings } from '../support/plan-builder.js';

const FORMATS: readonly [string, (document: PlanDocument) => string][] = [
  ['text', (document) => planText(document, { colour: false, width: 1000 })],
  ['JSON', (document) => JSON.stringify(document)],
  ['Markdown', (document) => planMarkdown(document)],
  ['HTML', (document) => planHtml(document)],
  ['JUnit', planJunit],
  ['SARIF', (document) => planSarif(document)],
  ['GitHub annotations', (document) => planGithub(document)],
];

/** Facts that every format must contain. JSON contains some of them as a key and a value. */
interface Fact {
  fact: string;
  shown: string;
  json?: string;
  /** Annotations of a plan show refusals and warnings, but not changes. */
  annotated?: false;
}

const SHARED: readonly Fact[] = [
  { fact: 'a role that is missing', shown: 'Data Analyst' },
  { fact: 'a role that is called differently', shown: 'Report Author' },
  { fact: 'a role that should not be there', shown: 'Old Role' },
  { fact: 'a warning without a place', shown: 'deletes-break-scim' },
  { fact: 'a warning with a place', shown: 'rename-breaks-saml' },
  { fact: 'until when a difference is accepted', shown: '2026-03-31' },
  { fact: 'why a difference is accepted', shown: 'trial' },
  { fact: 'how an accepted difference differs', shown: '1 more than the manifest lists' },
  { fact: 'a listed person who is not on the instance', shown: 'left-ana@acme.com', annotated: false },
  { fact: 'an unmanaged role', shown: 'Old Role too', annotated: false },
  { fact: 'how many people an unmanaged role has', shown: '4 people', json: '"people":4', annotated: false },
  { fact: 'a guard that is weakened', shown: 'policy.minAdmins' },
];

const PLAN: readonly Fact[] = [
  ...SHARED,
  { fact: 'a refusal that a flag can allow', shown: 'escalation' },
  { fact: 'a refusal that no flag can allow', shown: 'ambiguous-name' },
  { fact: 'a refusal that is allowed', shown: 'max-deletes' },
  { fact: 'why it is allowed', shown: 'agreed' },
  { fact: 'how many people move', shown: '3 people', json: '"peopleMoved":3', annotated: false },
];

const DRIFT: readonly Fact[] = [
  ...SHARED,
  { fact: 'a problem', shown: 'unknown-grant' },
  { fact: 'how many people are not where they should be', shown: '3 people', json: '"peopleMoved":3' },
  { fact: 'who made a difference', shown: 'ana@acme.com' },
];

const drift = {
  ...fullDrift(),
  problems: someWarnings().map((one) => ({ ...one, code: 'unknown-grant' as const })),
};

function isAnnotated(format: string, { annotated }: Fact): boolean {
  return format !== 'GitHub annotations' || annotated !== false;
}

describe('every format', () => {
  it.each(
    FORMATS.flatMap(([format, render]) => [
      ...PLAN.filter((fact) => isAnnotated(format, fact)).map((fact) => ({
        format,
        render,
        document: fullPlan(),
        of: 'a plan',
        ...fact,
      })),
      ...DRIFT.filter((fact) => isAnnotated(format, fact)).map((fact) => ({
        format,
        render,
        document: drift,
        of: 'drift',
        ...fact,
      })),
    ]),
  )('shows in $format of $of: $fact', ({ format, render, document, shown, json }) => {
    expect(render(document)).toContain(format === 'JSON' ? (json ?? shown) : shown);
  });
});

const accepted = fullPlan().accepted;
const unmanaged = fullPlan().unmanaged;

describe('when there are no changes', () => {
  const readable = FORMATS.filter(([format]) => format !== 'JSON' && format !== 'GitHub annotations');

  it.each<[string, Partial<ReturnType<typeof planOf>>, string]>([
    ['accepted drift', { accepted }, '1 accepted difference'],
    ['an omitted person', { missingPeople: ['zoe@acme.com'] }, '1 listed person who is not on'],
    ['omitted people', { missingPeople: ['a@acme.com', 'b@acme.com'] }, '2 listed people who are not'],
    ['an unmanaged role', { unmanaged }, '1 role not in the manifest'],
    [
      'an unmanaged role that a flag allowed',
      { unmanaged: { ...unmanaged, policy: 'fail' } },
      '1 role not in',
    ],
  ])('%s is named as an exception in every format', (_what, parts, exception) => {
    for (const [format, render] of readable) {
      expect({ format, output: render(planOf(parts)) }).toEqual({
        format,
        output: expect.stringContaining(`with exceptions: ${exception}`),
      });
    }
  });

  it('the instance is reported as equal to the manifest only without exceptions', () => {
    const sentence = 'The instance equals the manifest.';
    expect(planText(emptyPlan())).toContain(`No changes. ${sentence}`);
    expect(planText(planOf({ accepted }))).not.toContain(sentence);
    expect(planGithub(emptyPlan())).toBe('');
  });
});

describe('an accepted or allowed finding', () => {
  it('is a suppressed note in SARIF, with its reason', () => {
    const log = JSON.parse(planSarif(fullPlan())) as {
      runs: { results: { ruleId: string; level: string; suppressions?: { justification: string }[] }[] }[];
    };
    const notes = (log.runs[0]?.results ?? []).filter(({ level }) => level === 'note');
    expect(notes.map(({ ruleId, suppressions }) => [ruleId, suppressions?.[0]?.justification])).toEqual([
      ['max-deletes', 'agreed: Builds cards and data sets'],
      ['accepted-drift', 'trial, Builds cards and data sets'],
    ]);
  });

  it('is a notice on GitHub and a passing case in JUnit', () => {
    const lines = planGithub(fullPlan()).split('\n');
    const notices = lines.filter((line) => line.startsWith('::notice'));
    expect(notices.map((line) => /title=([^:]*)/.exec(line)?.[1])).toEqual(['max-deletes', 'accepted-drift']);
    expect(planJunit(planOf({ accepted }))).toMatch(/<testsuite name="accepted" tests="1" failures="0"/);
  });
});
