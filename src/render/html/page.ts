import { createHash } from 'node:crypto';
import { dataElement } from './data.js';
import { escapeHtml, lineHtml } from './escape.js';
import { FLEET_SCRIPT, FLEET_STYLES, SCRIPT, STYLES } from './generated/assets.js';
import { packedList, type ListData } from './list.js';
import type { MatrixData } from './matrix.js';

/** A section of the page; its title is also in the navigation. */
export interface Section {
  id: string;
  title: string;
  /** Trusted HTML: its text is already escaped. */
  html: string;
}

/** The content of a page. */
interface Page {
  /** Selects the style sheet and script. */
  kind: 'report' | 'fleet';
  title: string;
  /** Trusted HTML above the sections. */
  hero: string;
  sections: readonly Section[];
  /** Data that the script reads on load. */
  data: PageData;
  /** Data that the script reads when a panel is opened; absent without panels. */
  panels?: unknown;
  /** Trusted HTML at the end. */
  foot: string;
}

/** Data of a page's script. Texts are one line each, and data, not HTML. */
interface PageData {
  matrix: MatrixData | null;
  lists: readonly ListData[];
  /** The instances of a fleet. */
  fleet?: unknown;
}

const ASSETS: Readonly<Record<Page['kind'], { script: string; styles: string }>> = {
  report: { script: SCRIPT, styles: STYLES },
  fleet: { script: FLEET_SCRIPT, styles: FLEET_STYLES },
};

/** Renders a self-contained file that loads nothing and allows only its own script and styles. */
export function pageHtml(page: Page): string {
  const { script, styles } = ASSETS[page.kind];
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}'`,
    `style-src '${hash(styles)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const links = page.sections
    .map(({ id, title }) => `<li><a href="#${id}">${lineHtml(title)}</a></li>`)
    .join('');
  const sections = page.sections.map(
    ({ id, title, html }) =>
      `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${lineHtml(title)}</h2>\n${html}\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${lineHtml(page.title)}</title>
<style>${styles}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header class="bar"><span class="mark">domo-roles</span><nav aria-label="Sections"><ul>${links}</ul></nav></header>
<main id="main" tabindex="-1"${isLarge(page) ? ' class="large"' : ''}>
${page.hero}
<noscript><p class="note">Search, the matrix and the long lists need this page’s own script; everything else is below.</p></noscript>
${sections.join('\n')}
</main>
<footer>${page.foot}</footer>
${dataHtml(page.data)}${panelsHtml(page)}
<script>${script}</script>
</body>
</html>
`;
}

/** The longest lists are read when they come near, so each has an element. */
function dataHtml({ lists, ...rest }: PageData): string {
  const elements = lists.map((list) => dataElement(`id="list-${escapeHtml(list.id)}"`, packedList(list)));
  return [dataElement('id="data"', rest), ...elements].join('\n');
}

/** With more cells and rows than this, the browser skips rendering of content that is not visible. */
const LARGE = 4000;

/** The dialog of panels, and the data of the panels. */
function panelsHtml({ panels }: Page): string {
  if (panels === undefined) return '';
  return `
<dialog id="panel" aria-labelledby="panel-title"></dialog>
${dataElement('id="panels"', panels)}`;
}

function isLarge({ data: { matrix, lists } }: Page): boolean {
  const cells = (matrix?.roles.length ?? 0) * (matrix?.grants.length ?? 0);
  return cells + lists.reduce((sum, list) => sum + list.rows.length, 0) > LARGE;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
