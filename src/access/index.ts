export { ANSWER_FORMAT, can, whoCan, type CanAnswer, type WhoCanAnswer } from './ask.js';
export {
  diffStates,
  type NamedAllowlist,
  type DiffAnswer,
  type PersonDifference,
  type RoleDifference,
} from './compare.js';
export { endView, viewOf, type AccessSource, type AccessView } from './view.js';
