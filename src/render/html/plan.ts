import type { Snapshot } from '../../model/snapshot.js';
import { headingFacts } from '../facts/heading-facts.js';
import { attributionNote, NOTE_HEADINGS, problemsOf, violationNotes } from '../facts/notes.js';
import type { Grouping } from '../facts/owners.js';
import { refusalsOf } from '../facts/refusal-facts.js';
import { isCritical, verdictOf } from '../facts/verdict.js';
import { oneLine } from '../format/one-line.js';
import { timeText } from '../format/phrases.js';
import { vocabularyOf, type PlanDocument } from '../vocabulary.js';
import { codeHtml, lineHtml } from './escape.js';
import { heroHtml, type Hero } from './hero.js';
import { matrixFrame, planMatrix } from './matrix.js';
import { peopleSection } from './moves.js';
import { pageHtml, type Section } from './page.js';
import {
  impactSection,
  notesSection,
  policySection,
  problemsSection,
  refusalSection,
  settingsSection,
} from './plan-parts.js';
import { requestSection } from './requests.js';
import { rolesSection } from './role-cards.js';

/** Options of a page. */
export interface PlanHtmlOptions {
  /** Live state: with it the matrix shows every role, without it those that change. */
  snapshot?: Snapshot;
  /** Groups roles by owner. */
  groupBy?: Grouping;
}

/** A plan or drift document as one self-contained page. */
export function planHtml(document: PlanDocument, options: PlanHtmlOptions = {}): string {
  const { heading, sections } = vocabularyOf(document);
  const matrix = planMatrix(document, options.snapshot);
  const people = peopleSection(document);
  const requests = requestSection(document);
  const refusals = refusalsOf(document).length > 0 ? NOTE_HEADINGS.refused : NOTE_HEADINGS.allowed;
  const parts: [string, string, string | null][] = [
    ['policy', 'What the policy lets through', policySection(document)],
    ['refused', refusals, refusalSection(document)],
    ['problems', NOTE_HEADINGS.problems, problemsSection(problemsOf(document))],
    ['violations', NOTE_HEADINGS.violations, problemsSection(violationNotes(document))],
    ['impact', sections.impact, impactSection(document)],
    ['roles', sections.roles, rolesSection(document, options.groupBy)],
    ['settings', 'Settings', settingsSection(document)],
    ['matrix', 'Roles × grants', matrix.grants.length > 0 ? matrixFrame(matrix) : null],
    ['people', 'People', people?.html ?? null],
    ['notes', 'Notes', notesSection(document)],
    ['requests', sections.requests, requests?.html ?? null],
  ];
  return pageHtml({
    kind: 'report',
    title: `${heading} ${document.instance}`,
    hero: heroHtml(heroOf(document)),
    sections: parts.flatMap(([id, title, html]): Section[] => (html === null ? [] : [{ id, title, html }])),
    data: { matrix, lists: [people, requests].flatMap((part) => (part === null ? [] : [part.list])) },
    foot: footHtml(document),
  });
}

function heroOf(document: PlanDocument): Hero {
  const { counts, heading } = vocabularyOf(document);
  const { summary } = document;
  const { level, title, sentence } = verdictOf(document);
  return {
    facts: headingFacts(document),
    heading: `${heading} ${oneLine(document.instance)}`,
    verdict: { look: level === 'changes' && isCritical(document) ? 'risky' : level, title, sentence },
    tiles: [
      { label: counts.rolesCreated, value: summary.rolesCreated },
      { label: counts.rolesRenamed, value: summary.rolesRenamed },
      { label: counts.rolesDeleted, value: summary.rolesDeleted },
      { label: counts.grantsAdded, value: summary.grantsAdded },
      { label: counts.grantsRemoved, value: summary.grantsRemoved },
      { label: counts.peopleMoved, value: summary.peopleMoved },
      { label: 'requests', value: summary.requests },
    ],
  };
}

function footHtml(document: PlanDocument): string {
  const files = document.manifest.files.map(
    (file) => `<li>${codeHtml(file.path)} ${codeHtml(file.digest)}</li>`,
  );
  const note = attributionNote(document);
  const audit = note === null ? '' : `<p>Audit log: ${lineHtml(note)}</p>`;
  return `<p>Made by ${lineHtml(document.madeBy)}, ${lineHtml(timeText(document.madeAt))}. This page loads no external resources.</p>${audit}<ul>${files.join('')}</ul>`;
}
