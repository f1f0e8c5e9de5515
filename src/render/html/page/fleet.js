// What the page of a fleet runs in a browser. Bundled and inlined by scripts/build-page.mjs.
import { setUpFleetMatrix } from './fleet-matrix.js';
import { openFoldsInPrint, openLinkedFold } from './folds.js';
import { setUpLists } from './lists.js';
import { markCurrentSection } from './navigation.js';
import { setUpPanel } from './panel.js';

openFoldsInPrint();
openLinkedFold();
markCurrentSection();
const matrix = setUpFleetMatrix();
setUpLists();
setUpPanel(matrix);
