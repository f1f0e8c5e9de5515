import type { FleetRow } from '../../fleet/document.js';
import { acceptedText } from '../facts/accepted.js';
import {
  attributionNote,
  NOTE_HEADINGS,
  placeText,
  problemsOf,
  unmanagedCounts,
  violationNotes,
  warningGroups,
} from '../facts/notes.js';
import { policyNotices } from '../facts/policy-notices.js';
import { refusalFacts, factText } from '../facts/refusal-facts.js';
import { roleViews } from '../facts/role-views.js';
import { settingValueText, settingViews } from '../facts/settings.js';
import { andMore, cut, personLabel, nameText } from '../format/phrases.js';
import type { Refusal } from '../../model/refusal.js';
import type { PlanWarning } from '../../plan/plan.js';
import { nextStepOf } from '../fleet/fleet-facts.js';
import { vocabularyOf, type PlanDocument, type Tone } from '../vocabulary.js';
import type { Block } from './blocks.js';
import type { InstanceDocuments } from './marks.js';
import { linesBlock, roleBlock, type BlockContext, type PlainLine } from './role-block.js';

/** The part of a panel that comes from the row. */
type PanelRow = Pick<FleetRow, 'status' | 'because' | 'refusals' | 'problems' | 'attempts'>;

/** The blocks of one instance, those that need attention first. */
export function panelBlocks(row: PanelRow, documents: InstanceDocuments, making: BlockContext): number[] {
  const { document } = documents;
  const blocks = [
    ...causeBlocks(row, documents, making),
    ...(document ? documentBlocks(document, making) : []),
    ...outcomeBlocks(documents, making),
    ...attemptBlocks(row, making),
  ];
  return blocks.map((block) => making.table.add(block));
}

function causeBlocks(row: PanelRow, { document, problem }: InstanceDocuments, making: BlockContext): Block[] {
  const lines: PlainLine[] = [
    ...(problem === null ? [] : [['not shown', 'warn', problem] as const]),
    ...row.refusals.flatMap(refusalLines),
    // A drift document has its own below.
    ...(document?.kind === 'drift' ? [] : row.problems.map((one) => warningLine(one, 'bad'))),
  ];
  const isSaid = [...row.refusals, ...row.problems].some(({ message }) => row.because?.includes(message));
  const because: PlainLine[] = row.because === null || isSaid ? [] : [[null, '', row.because]];
  const nextStep = nextStepOf(row);
  const next: PlainLine[] = nextStep === '' ? [] : [['next step', '', nextStep]];
  return linesBlock('Why', [...because, ...lines, ...next], making);
}

function refusalLines(refusal: Refusal): PlainLine[] {
  const { code, message, items } = refusal;
  const { shown, more } = cut(items, 30);
  const about = shown.length === 0 ? '' : `: ${shown.map(nameText).join(', ')}${andMore(more)}`;
  return [[code, 'bad', `${message}${about} (${refusalFacts(refusal).map(factText).join(', ')})`]];
}

function warningLine(warning: PlanWarning, tone: Tone): PlainLine {
  const place = placeText(warning);
  const hint = warning.hint === null ? '' : `. ${warning.hint}`;
  return [warning.code, tone, `${warning.message}${place === '' ? '' : ` (${place})`}${hint}`];
}

/** Warnings by code, some of each. */
function warningLines({ warnings }: PlanDocument): PlainLine[] {
  return warningGroups(warnings, 20).flatMap(({ code, shown, more }) => [
    ...shown.map((one) => warningLine(one, 'warn')),
    ...(more > 0 ? [[code, 'warn', andMore(more).trim()] as const] : []),
  ]);
}

function documentBlocks(document: PlanDocument, making: BlockContext): Block[] {
  const vocabulary = vocabularyOf(document);
  return [
    ...linesBlock(
      NOTE_HEADINGS.problems,
      problemsOf(document).map((one) => warningLine(one, 'bad')),
      making,
    ),
    ...linesBlock(
      NOTE_HEADINGS.violations,
      violationNotes(document).map((one) => warningLine(one, 'bad')),
      making,
    ),
    ...linesBlock('Audit log', auditLines(document), making),
    ...linesBlock('Protected grants', protectedLines(document), making),
    ...roleViews(document).map((view) => roleBlock(view, document, making)),
    ...linesBlock('Settings', settingLines(document), making),
    ...linesBlock(NOTE_HEADINGS.warnings, warningLines(document), making),
    ...linesBlock(
      NOTE_HEADINGS.missingPeople,
      document.missingPeople.map((who) => [null, '', who]),
      making,
    ),
    ...linesBlock(
      NOTE_HEADINGS.accepted,
      document.accepted.map((one) => [null, '', acceptedText(one)]),
      making,
    ),
    ...linesBlock(
      NOTE_HEADINGS.unmanaged,
      document.unmanaged.roles.map((role) => [null, '', `${nameText(role.name)} (${unmanagedCounts(role)})`]),
      making,
    ),
    ...linesBlock(
      'Policy',
      policyNotices(document).map(({ text }) => [null, '', text]),
      making,
    ),
    ...(vocabulary.clean !== '' && document.changes.length === 0
      ? linesBlock(vocabulary.title, [[null, 'good', vocabulary.clean]], making)
      : []),
  ];
}

/** Why some differences have no author. */
function auditLines(document: PlanDocument): PlainLine[] {
  const note = attributionNote(document);
  return note === null ? [] : [[null, '', note]];
}

/** The people who gain and lose protected grants. */
function protectedLines(document: PlanDocument): PlainLine[] {
  const { impact } = vocabularyOf(document);
  return document.impact
    .filter((entry) => entry.protected)
    .flatMap(({ grant, gains, loses, gainCount, loseCount }) =>
      [
        { side: impact.gains, people: gains, count: gainCount },
        { side: impact.loses, people: loses, count: loseCount },
      ]
        .filter(({ count }) => count > 0)
        .map(({ side, people, count }): PlainLine => {
          const { shown } = cut(people, 50);
          return [
            grant,
            side.tone,
            `${side.label} ${shown.map(personLabel).join(', ')}${andMore(count - shown.length)}`,
          ];
        }),
    );
}

function settingLines(document: PlanDocument): PlainLine[] {
  return settingViews(document).map(({ label, from, to, attribution }) => {
    const by = attribution.length > 0 ? ` (by ${attribution.join('; ')})` : '';
    return [label, '', `${settingValueText(from)} → ${settingValueText(to)}${by}`];
  });
}

/** The unsuccessful changes of an apply, and the checks of `doctor`. */
function outcomeBlocks({ outcome, checks }: InstanceDocuments, making: BlockContext): Block[] {
  const left = (outcome?.changes ?? []).filter(({ status }) => status !== 'done' && status !== 'already');
  return [
    ...linesBlock(
      'Not in place',
      left.map(({ id, status, reason }) => [
        status,
        status === 'skipped' ? '' : 'bad',
        `${id}${reason === null ? '' : `: ${reason}`}`,
      ]),
      making,
    ),
    ...linesBlock(
      'Checks',
      (checks ?? []).map(({ name, ok, note }) => [name, ok ? 'good' : 'bad', note]),
      making,
    ),
  ];
}

function attemptBlocks({ attempts }: PanelRow, making: BlockContext): Block[] {
  return linesBlock(
    'Earlier attempts',
    attempts.map(({ status, because, sent }) => [
      status,
      '',
      `${because ?? 'cause not recorded'}${sent ? '; it may have written' : ''}`,
    ]),
    making,
  );
}
