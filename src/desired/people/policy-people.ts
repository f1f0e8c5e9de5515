import type { ManifestPath } from '../../manifest/manifest.js';
import { isOrdinary, personAt } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import { acceptedInForce } from '../../model/policy.js';
import type { PersonRef, Policy } from '../../model/policy.js';
import type { Refusal } from '../../model/refusal.js';
import type { Problem, Where } from '../../problem/problem.js';
import { personFinder } from './find-people.js';
import { ambiguousPerson, compareAddress } from './stated-address.js';
import type { StatedAddress } from './stated-address.js';

/** The input of checking a policy's people. */
interface PolicyPeopleInput {
  people: readonly Person[];
  /** ISO 8601, UTC. Expired accepted drift is ignored. */
  now: string;
  /** Finds the place of an entry; null if it is in no file. */
  locate?: (path: ManifestPath) => Where | null;
}

/** The problems with addresses of a policy. */
interface PolicyPeople {
  refusals: Refusal[];
  warnings: Problem[];
}

type PolicyLists = Pick<Policy, 'requiredAdmins' | 'acceptedDrift' | 'rules'>;

/**
 * Compares every address that a policy gives with an id with the live address of that id, and refuses an address without an id
 * that several people share: a guard or an exception must not hold for the wrong one.
 */
export function checkPolicyPeople(policy: PolicyLists, input: PolicyPeopleInput): PolicyPeople {
  const stated = statedIn(policy, input);
  const alone = addressesIn(policy, input.now);
  const found: PolicyPeople = { refusals: [], warnings: [] };
  if (stated.length + alone.length === 0) return found;
  const find = personFinder(input.people, new Set([...stated, ...alone].map(({ email }) => email)));
  for (const { email, place } of alone) {
    const people = find({ email });
    if (people.length > 1) found.refusals.push(ambiguousPerson(`${email} in ${place}`, people));
  }
  for (const one of stated) {
    const finding = compareAddress(one, personOf(one, input.people), find({ email: one.email }));
    if (finding && 'refusal' in finding) found.refusals.push(finding.refusal);
    else if (finding) found.warnings.push(finding.warning);
  }
  return found;
}

/** Do all people that the policy names by id and address have that address? Then no other people need to be read. */
export function statedAddressesMatch(
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
  return listsOf(policy, now).flatMap(([path, refs]) =>
    refs.flatMap((ref) => {
      if (!('id' in ref) || ref.email === undefined) return [];
      const { id, email } = ref;
      return { id, email, place: listName(path), where: locate([...path, email]) };
    }),
  );
}

/** The addresses without an id, each once in a list. Those of accepted members are looked up with the members of roles. */
function addressesIn(policy: PolicyLists, now: string): { email: string; place: string }[] {
  const acceptedDrift = policy.acceptedDrift.filter(({ what }) => what !== 'members');
  return listsOf({ ...policy, acceptedDrift }, now).flatMap(([path, refs]) =>
    [...new Set(refs.flatMap((ref) => ('id' in ref ? [] : [ref.email])))].map((email) => ({
      email,
      place: listName(path),
    })),
  );
}

/** The lists of people of a policy. Those of accepted drift that has expired are empty. */
function listsOf(policy: PolicyLists, now: string): [ManifestPath, readonly PersonRef[]][] {
  const inForce = new Set(acceptedInForce(policy, now));
  return [
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
}

/** The path of a list for messages, without list indexes. */
function listName(path: ManifestPath): string {
  return path.filter((step) => typeof step === 'string').join('.');
}
