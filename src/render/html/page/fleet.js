// What the page of a fleet runs in a browser. Bundled and inlined by scripts/build-page.mjs.
import { setUpCards } from './cards.js';
import { setUpFleetMatrix } from './fleet-matrix.js';
import { openFoldsInPrint, openLinkedFold } from './folds.js';
import { setUpLists } from './lists.js';
import { markCurrentSection } from './navigation.js';
import { setUpPanel } from './panel.js';

openFoldsInPrint();
openLinkedFold();
setUpCards();
markCurrentSection();
const matrix = setUpFleetMatrix();
setUpLists();
setUpPanel(matrix);
