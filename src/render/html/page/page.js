// What a page of a report runs in a browser. Bundled and inlined by scripts/build-page.mjs.
import { setUpCards } from './cards.js';
import { fillOpenedFolds, openFoldsInPrint, openLinkedFold } from './folds.js';
import { setUpLists } from './lists.js';
import { setUpMatrix } from './matrix.js';
import { markCurrentSection } from './navigation.js';

fillOpenedFolds();
openLinkedFold();
setUpCards();
markCurrentSection();
setUpLists();
setUpMatrix();
// Last, so that it also opens folds in lists that are filled for the print.
openFoldsInPrint();
