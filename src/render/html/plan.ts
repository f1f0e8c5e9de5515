import type { Snapshot } from '../../model/snapshot.js';
import { peopleSection, requestSection } from './moves.js';
import { heroHtml, type Hero } from './hero.js';
import { matrixFrame, planMatrix } from './matrix.js';
import { pageHtml, type Section } from './page.js';
import {
  impactSection,
  notesSection,
  policySection,
  problemsSection,
  refusalSection,
  settingsSection,
} from './plan-parts.js';
import { rolesSection } from './role-cards.js';
import { codeHtml, lineHtml } from './escape.js';
import { oneLine } from '../format/one-line.js';
import { personLabel, timeText } from '../format/phrases.js';
import { verdictOf } from '../facts/verdict.js';
import type { PlanDocument } from '../vocabulary.js';

/** What a page may be given beside the document. */
export interface PlanHtmlOptions {
  /** Live state: with it the matrix shows every role, without it those that change. */
  snapshot?: Snapshot;
}

/** A plan or drift document as one page that needs nothing but itself. */
export function planHtml(document: PlanDocument, options: PlanHtmlOptions = {}): string {
  const drift = document.kind === 'drift';
  const matrix = planMatrix(document, options.snapshot);
  const people = peopleSection(document);
  const requests = requestSection(document);
  const parts: [string, string, string | null][] = [
    ['policy', 'What the policy lets through', policySection(document)],
    [
      'refused',
      document.kind === 'plan' && document.refusals.length === 0 ? 'Allowed by flag' : 'Refused',
      refusalSection(document),
    ],
    ['problems', 'Not on the instance, and not compared', problemsSection(document)],
    [
      'impact',
      drift ? 'Who holds what beyond the manifest' : 'Who gains, who loses',
      impactSection(document),
    ],
    ['roles', drift ? 'Roles that differ' : 'Roles', rolesSection(document)],
    ['settings', 'Settings', settingsSection(document)],
    ['matrix', 'Roles × grants', matrix.grants.length > 0 ? matrixFrame(matrix) : null],
    ['people', 'People', people?.html ?? null],
    ['notes', 'Notes', notesSection(document)],
    ['requests', drift ? 'The way back' : 'Requests', requests?.html ?? null],
  ];
  return pageHtml({
    title: `${drift ? 'Drift of' : 'Plan for'} ${document.instance}`,
    hero: heroHtml(heroOf(document)),
    sections: parts.flatMap(([id, title, html]): Section[] => (html === null ? [] : [{ id, title, html }])),
    matrix,
    lists: [people, requests].flatMap((part) => (part === null ? [] : [part.list])),
    foot: footHtml(document),
  });
}

function heroOf(document: PlanDocument): Hero {
  const drift = document.kind === 'drift';
  const { summary } = document;
  const verdict = verdictOf(document);
  const risky = document.changes.some(({ risk }) => risk.level === 'high' || risk.level === 'highest');
  const facts = [
    timeText(document.madeAt),
    ...(document.me ? [`as ${personLabel(document.me)}`] : []),
    ...(document.offline ? ['against a snapshot file'] : []),
    ...(document.sandbox ? ['on the sandbox, applies to nothing else'] : []),
  ];
  const caution = verdict.level === 'changes' && (drift || risky) ? 'risky' : verdict.level;
  return {
    facts,
    heading: `${drift ? 'Drift of' : 'Plan for'} ${oneLine(document.instance)}`,
    verdict: { look: caution, title: verdict.title, sentence: verdict.sentence },
    tiles: [
      { label: drift ? 'roles missing' : 'roles to create', value: summary.rolesCreated },
      { label: drift ? 'roles called otherwise' : 'roles to rename', value: summary.rolesRenamed },
      { label: drift ? 'roles not wanted' : 'roles to delete', value: summary.rolesDeleted },
      { label: drift ? 'grants missing' : 'grants to add', value: summary.grantsAdded },
      { label: drift ? 'grants only live' : 'grants to take away', value: summary.grantsRemoved },
      { label: drift ? 'people elsewhere' : 'people to move', value: summary.peopleMoved },
      { label: 'requests', value: summary.requests },
    ],
  };
}

function footHtml(document: PlanDocument): string {
  const files = document.manifest.files.map(
    (file) => `<li>${codeHtml(file.path)} ${codeHtml(file.digest)}</li>`,
  );
  const note =
    document.kind === 'drift' && document.summary.differences > 0 && document.attribution.note !== null
      ? `<p>Audit log: ${lineHtml(document.attribution.note)}</p>`
      : '';
  return `<p>Made by ${lineHtml(document.madeBy)}, ${lineHtml(timeText(document.madeAt))}. This page loads nothing from anywhere.</p>${note}<ul>${files.join('')}</ul>`;
}
