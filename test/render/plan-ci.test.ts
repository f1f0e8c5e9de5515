import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planJunit } from '../../src/render/ci/plan-junit.js';
import { planSarif } from '../../src/render/ci/plan-sarif.js';
import { emptyPlan, fullDrift, fullPlan } from '../support/plan-builder.js';
import { hostileNames } from '../support/plan-changes.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { makeDrift } from '../../src/drift/make-drift.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';
import { everyDrift } from '../support/drift.js';
import { expectGolden } from './golden.js';
import { anyText } from '../support/any-text.js';

/** Every tag and the names of its attributes, without any text. */
const tags = (xml: string): string =>
  (xml.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""')).join('');

interface Sarif {
  version: string;
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations?: { physicalLocation: { artifactLocation: { uri: string }; region?: unknown } }[];
    }[];
  }[];
}

const sarif = (text: string): Sarif['runs'][number] => {
  const log = JSON.parse(text) as Sarif;
  expect(log.version).toBe('2.1.0');
  const run = log.runs[0];
  if (!run) throw new Error('no run');
  return run;
};

describe('planJunit', () => {
  it.each([
    ['a plan', 'full-plan.junit.xml', planJunit(fullPlan())],
    ['a plan with nothing to do', 'empty-plan.junit.xml', planJunit(emptyPlan())],
    ['drift', 'full-drift.junit.xml', planJunit(fullDrift())],
  ])('renders %s as in the golden file', (_what, file, text) => {
    expectGolden(file, text);
  });

  it('counts each refusal as a failure and each change as a case', () => {
    expect(planJunit(fullPlan())).toContain('tests="25" failures="2"');
  });

  it('counts each difference of a drift document as a failure', () => {
    expect(planJunit(fullDrift())).toContain('tests="23" failures="10"');
  });

  it('gives every case another name, since dashboards show only one of two with the same', () => {
    const drift = everyDrift();
    const changes = drift.changes.flatMap((change) => [change, change]);
    const xml = planJunit({ ...drift, changes });
    const cases = [...xml.matchAll(/<testcase (classname="[^"]*" name="[^"]*")/gu)].map(([, name]) => name);
    expect(cases.length).toBeGreaterThan(10);
    expect(new Set(cases).size).toBe(cases.length);
  });

  it('says of a role that is not live what it lacks, and nothing of what a new role starts with', () => {
    const drift = makeDrift(
      loadedOf({
        roles: [
          wantedRole('Alpha', { grants: exactGrants('a.view') }),
          wantedRole('Beta', { grants: exactGrants() }),
        ],
        policy: WIDE_POLICY,
      }),
      snapshotOf({ custom: [], persons: [] }),
      { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor },
    );
    const sets = drift.changes.flatMap((one) => (one.kind === 'grants.set' ? [one.before] : []));
    expect(sets.map((before) => before.length > 0)).toEqual([true, true]);
    const texts = [...planJunit(drift).matchAll(/ message="(role \w+ (?:holds|lacks|should)[^"]*)"/gu)];
    expect(texts.map(([, text]) => text)).toEqual([
      'role Alpha lacks a.view',
      'role Beta should hold no grants',
    ]);
  });

  it('names the role that lists extra people, since those of each are a difference of their own', () => {
    const drift = makeDrift(
      loadedOf({
        roles: [
          wantedRole('Alpha', { members: members('exact', 12) }),
          wantedRole('Beta', { members: members('additive', 10) }),
        ],
        policy: { ...WIDE_POLICY, removedMembersTo: 'Social' },
      }),
      snapshotOf({
        custom: [liveRole(100, 'Alpha'), liveRole(101, 'Beta')],
        persons: [person(10, 100), person(11, 100), person(12, 100)],
      }),
      { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor },
    );
    const names = [...planJunit(drift).matchAll(/ name="(members\.move [^"]*)"/gu)].map(([, name]) => name);
    expect(names).toEqual(['members.move Alpha → Beta', 'members.move Alpha']);
  });

  it.each(HOSTILE_TEXTS)('has the same tags when every name %s', (_what, text) => {
    expect(tags(planJunit(fullPlan(hostileNames(text))))).toBe(tags(planJunit(fullPlan())));
  });

  it('shows a noncharacter instead of dropping it', () => {
    expect(planJunit(fullPlan(hostileNames('Ad\ufffemin')))).toContain('Ad\\u{fffe}min');
  });

  it('contains only characters that XML allows', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const xml = planJunit(fullPlan(hostileNames(`\ud800\u0000\ufffe${text}`)));
        expect(tags(xml)).toBe(tags(planJunit(fullPlan())));
        expect(xml.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\ufffe\uffff]/u);
      }),
    );
  });
});

describe('planSarif', () => {
  it('shows refusals as errors, warnings as warnings and allowed or accepted findings as notes, with their rules', () => {
    const run = sarif(planSarif(fullPlan()));
    expect(run.results.map((result) => [result.ruleId, result.level])).toEqual([
      ['escalation', 'error'],
      ['ambiguous-name', 'error'],
      ...Array.from({ length: 6 }, () => ['weakened-guard', 'warning']),
      ['accepted-drift', 'warning'],
      ['accepted-drift', 'warning'],
      ['max-deletes', 'note'],
      ['accepted-drift', 'note'],
      ['deletes-break-scim', 'warning'],
      ['rename-breaks-saml', 'warning'],
    ]);
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
  });

  it('contains the position of a warning, or the manifest if there is none', () => {
    const places = sarif(planSarif(fullPlan())).results.map(
      (result) => result.locations?.[0]?.physicalLocation,
    );
    expect(places.at(-1)).toEqual({
      artifactLocation: { uri: 'domo-roles.yaml' },
      region: { startLine: 12, startColumn: 5 },
    });
    expect(places[0]).toEqual({ artifactLocation: { uri: 'domo-roles.yaml' }, region: { startLine: 1 } });
  });

  it('shows every difference of a drift document as an error', () => {
    const levels = sarif(planSarif(fullDrift())).results.map((result) => result.level);
    expect(levels.filter((level) => level === 'error')).toHaveLength(10);
  });

  it('is equal for equal plans and has no results when nothing is wrong', () => {
    expect(planSarif(fullPlan())).toBe(planSarif(fullPlan()));
    expect(sarif(planSarif(emptyPlan())).results).toEqual([]);
  });

  it.each(HOSTILE_TEXTS)('shows every message on one line when every name %s', (_what, text) => {
    const { results } = sarif(planSarif(fullPlan(hostileNames(text))));
    expect(results).toHaveLength(sarif(planSarif(fullPlan())).results.length);
    for (const result of results) {
      expect(result.message.text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      // Viewers show `[words](target)` in a message as a link.
      expect(result.message.text).not.toContain('](');
    }
  });
});
