export { ANSWER_FORMAT, can, whoCan, type CanAnswer, type WhoCanAnswer } from './ask.js';
export {
  diffStates,
  type NamedAllowlist,
  type DiffAnswer,
  type PersonDifference,
  type RoleDifference,
} from './compare.js';
export { endView, viewOf, type AccessSource, type AccessView } from './view.js';
export {
  explainPerson,
  type ExplainedGrant,
  type ManifestContext,
  type ManifestPlace,
  type PersonDetails,
  type PersonEntry,
} from './explain-person.js';
