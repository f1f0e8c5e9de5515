export { can, whoCan, type CanAnswer, type WhoCanAnswer } from './ask.js';
export { diffStates, type NamedAllowlist, type DiffAnswer, type RoleDifference } from './compare.js';
export { endView, viewOf, type AccessSource, type AccessView } from './view.js';
export { explainPerson, type PersonDetails } from './explain-person.js';
