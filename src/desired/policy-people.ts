import type { ManifestPath } from '../manifest/manifest.js';
import { isOrdinary, personAt } from '../model/person.js';
import type { Person } from '../model/person.js';
import { acceptedInForce } from '../model/policy.js';
import type { PersonRef, Policy } from '../model/policy.js';
import type { Refusal } from '../model/refusal.js';
import type { Problem, Where } from '../problem/problem.js';
import { personFinder } from './find-people.js';
import { compareAddress } from './stated-address.js';
import type { StatedAddress } from './stated-address.js';

/** The input of checking a policy's people. */
interface PolicyPeopleInput {
  people: readonly Person[];
  /** ISO 8601, UTC. Expired accepted drift is ignored. */
  now: string;
  /** Finds the place of an entry; null if it is in no file. */
  locate?: (path: ManifestPath) => Where | null;
}

/** The problems with addresses that a policy gives with ids. */
interface PolicyPeople {
  refusals: Refusal[];
  warnings: Problem[];
}

type PolicyLists = Pick<Policy, 'requiredAdmins' | 'acceptedDrift' | 'rules'>;

/** Compares every address that a policy gives with an id with the live address of that id. */
export function checkPolicyPeople(policy: PolicyLists, input: PolicyPeopleInput): PolicyPeople {
  const stated = statedIn(policy, input);
  const found: PolicyPeople = { refusals: [], warnings: [] };
  if (stated.length === 0) return found;
  const find = personFinder(input.people, new Set(stated.map(({ email }) => email)));
  for (const one of stated) {
    const finding = compareAddress(one, personOf(one, input.people), find({ email: one.email }));
    if (finding && 'refusal' in finding) found.refusals.push(finding.refusal);
    else if (finding) found.warnings.push(finding.warning);
  }
  return found;
}

/** Do all people that the policy names by id and address have that address? Then no other people need to be read. */
export function matchStatedAddresses(
  policy: PolicyLists,
  { people, now }: Pick<PolicyPeopleInput, 'people' | 'now'>,
): boolean {
  return statedIn(policy, { now }).every((one) => personOf(one, people)?.email === one.email);
}

function personOf({ id }: StatedAddress, people: readonly Person[]): Person | null {
  const person = personAt(people, id);
  return person && isOrdinary(person) ? person : null;
}

function statedIn(
  policy: PolicyLists,
  { now, locate = () => null }: Pick<PolicyPeopleInput, 'now' | 'locate'>,
): StatedAddress[] {
  const inForce = new Set(acceptedInForce(policy, now));
  const lists: [ManifestPath, readonly PersonRef[]][] = [
    [['policy', 'requiredAdmins'], policy.requiredAdmins],
    ...policy.acceptedDrift.map((entry, index): [ManifestPath, readonly PersonRef[]] => [
      ['policy', 'acceptedDrift', index, 'people'],
      inForce.has(entry) ? (entry.people ?? []) : [],
    ]),
    ...policy.rules.map((rule): [ManifestPath, readonly PersonRef[]] => [
      ['policy', 'rules', rule.name, 'exceptPeople'],
      rule.kind === 'separation' ? rule.exceptPeople : [],
    ]),
  ];
  return lists.flatMap(([path, refs]) =>
    refs.flatMap((ref) => {
      if (!('id' in ref) || ref.email === undefined) return [];
      const { id, email } = ref;
      return { id, email, place: placeText(path), where: locate([...path, email]) };
    }),
  );
}

/** The path of a list for messages, without list indexes. */
function placeText(path: ManifestPath): string {
  return path.filter((step) => typeof step === 'string').join('.');
}
