import { createHash } from 'node:crypto';
import { jsonForScript, lineHtml } from './escape.js';
import { SCRIPT, STYLES } from './generated/assets.js';
import type { ListData } from './list.js';
import type { MatrixData } from './matrix.js';

/** A section of the page; its title is in the navigation too. */
export interface Section {
  id: string;
  title: string;
  /** Trusted HTML: every piece of text in it is escaped already. */
  html: string;
}

/** What a page is made of. */
export interface Page {
  title: string;
  /** Trusted HTML above the sections. */
  hero: string;
  sections: readonly Section[];
  matrix: MatrixData | null;
  lists: readonly ListData[];
  /** Trusted HTML at the end. */
  foot: string;
}

/** A file in one piece that loads nothing, runs only its own script and obeys no other style. */
export function pageHtml(page: Page): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hash(SCRIPT)}'`,
    `style-src '${hash(STYLES)}'`,
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
<style>${STYLES}</style>
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
<script type="application/json" id="data">${jsonForScript({ matrix: page.matrix, lists: page.lists })}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Beyond this many cells and rows the browser leaves out of sight what is out of sight. */
const LARGE = 4000;

function isLarge({ matrix, lists }: Page): boolean {
  const cells = (matrix?.roles.length ?? 0) * (matrix?.grants.length ?? 0);
  return cells + lists.reduce((sum, list) => sum + list.rows.length, 0) > LARGE;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
