import type { FleetDocument, FleetRow } from '../../fleet/document.js';
import { openOwnerSections, type OwnerSection } from '../../fleet/owner-sections.js';
import type { Grouping } from '../facts/owners.js';
import { timeText } from '../format/phrases.js';
import { codeHtml, lineHtml } from '../html/escape.js';
import { heroHtml } from '../html/hero.js';
import { pageHtml, type Section } from '../html/page.js';
import { openBlocks } from './blocks.js';
import { fleetHero } from './fleet-hero.js';
import { holderSection } from './holders.js';
import { addHoldings, type Holdings } from './holdings.js';
import { instanceMarks, type InstanceDocuments } from './marks.js';
import { fleetMatrix, fleetMatrixFrame, type MatrixEntry } from './matrix-data.js';
import { panelBlocks } from './panel.js';
import {
  groupSection,
  ownerSections,
  refusalSection,
  shiftSection,
  troubleSection,
  waveSection,
} from './sections.js';

export type { InstanceDocuments } from './marks.js';

/** The most names of people in all panels together. */
const MOST_NAMES = 100_000;

/** Builds the page of a fleet: the documents of each instance are added, and only the parts that are shown are kept. */
export interface FleetPage {
  /** Must be called for each row, in the order of the document. */
  add: (row: FleetRow, documents: InstanceDocuments) => void;
  /** The page as one self-contained file. */
  html: () => string;
}

/** Begins the page of a fleet document. With `groupBy`, its changes are grouped by the owner of their role. */
export function openFleetPage(
  document: FleetDocument,
  { groupBy }: { groupBy?: Grouping | undefined } = {},
): FleetPage {
  const owned = groupBy === undefined ? null : openOwnerSections(document);
  const table = openBlocks();
  const names = { left: MOST_NAMES };
  const holdings: Holdings = { held: [], shifts: [] };
  const entries: MatrixEntry[] = [];
  return {
    add: (row, documents) => {
      owned?.add(row.instance, documents.document);
      addHoldings(holdings, row, documents);
      entries.push({
        row,
        marks: instanceMarks(row, documents),
        blocks: panelBlocks(row, documents, { table, names }),
      });
    },
    html: () => {
      const panels = { texts: table.texts, blocks: table.blocks };
      return page(document, { entries, holdings, panels, byOwner: owned?.sections() ?? null });
    },
  };
}

interface Parts {
  entries: readonly MatrixEntry[];
  holdings: Holdings;
  panels: unknown;
  /** The changes by owner; null for those of whole instances. */
  byOwner: readonly OwnerSection[] | null;
}

function page(document: FleetDocument, { entries, holdings, panels, byOwner }: Parts): string {
  const fleet = fleetMatrix(entries);
  const held = holderSection(holdings.held);
  const title = fleet.roles.length > 0 ? 'Instances × roles' : 'Instances';
  const what = document.command === 'drift' ? 'Drift' : 'Changes';
  const changes = `${what}${byOwner ? ' by owner' : ''}, grouped by equal instances`;
  const parts: [string, string, string | null][] = [
    ['refused', 'Refused', refusalSection(document)],
    ['person', 'Needs attention', troubleSection(document)],
    [
      'protected',
      document.command === 'drift'
        ? 'Protected grants that differ from the manifest'
        : 'Protected grants gained or lost',
      shiftSection(holdings.shifts),
    ],
    ['instances', title, fleetMatrixFrame(fleet)],
    ['groups', changes, byOwner ? ownerSections(byOwner) : groupSection(document)],
    ['waves', 'Waves', waveSection(document)],
    ['holders', 'Who holds a protected grant', held?.html ?? null],
  ];
  const { heading } = fleetHero(document);
  return pageHtml({
    kind: 'fleet',
    title: heading,
    hero: heroHtml(fleetHero(document)),
    sections: parts.flatMap(([id, name, html]): Section[] =>
      html === null ? [] : [{ id, title: name, html }],
    ),
    data: { matrix: null, lists: held ? [held.list] : [], fleet },
    panels,
    foot: footHtml(document),
  });
}

function footHtml({ madeBy, madeAt, inventory }: FleetDocument): string {
  return `<p>Made by domo-roles ${lineHtml(madeBy)}, ${lineHtml(timeText(madeAt))}. This page loads no external resources.</p><ul><li>${codeHtml(inventory.file)} ${codeHtml(inventory.digest)}</li></ul>`;
}
