// What the page of a fleet runs in a browser. Bundled and inlined by scripts/build-page.mjs.
import { setUpCards } from './cards.js';
import { setUpFleetMatrix } from './fleet-matrix.js';
import { openFoldsInPrint, openLinkedFold } from './folds.js';
import { setUpLists } from './lists.js';
import { markCurrentSection } from './navigation.js';
import { setUpPanel } from './panel.js';
import { escapeHtml } from './shared.js';

openLinkedFold();
setUpCards();
markCurrentSection();
const matrix = setUpFleetMatrix();
setUpLists({
  instance: (value) => `<td><a href="#instance/${encodeURIComponent(value)}">${escapeHtml(value)}</a></td>`,
});
setUpPanel(matrix);
// Last, so that it also opens folds in lists that are filled for the print.
openFoldsInPrint();
