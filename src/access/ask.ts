import { personFinder } from '../desired/people/find-people.js';
import { didYouMean } from '../model/suggest.js';
import { byCodeUnit } from '../model/sort.js';
import type { Grant } from '../model/grant.js';
import { sameAddress } from '../model/address.js';
import { quotedName } from '../model/quoted-name.js';
import type { Person } from '../model/person.js';
import type { PlanPerson } from '../plan/plan.js';
import { ProblemError, problem } from '../problem/problem.js';
import { findGrant } from './find-grant.js';
import { roleOf, sourceOf } from './view.js';
import type { AccessSource, AccessView } from './view.js';

/** Version of the answer format. */
export const ANSWER_FORMAT = 1;

/** The keys that every answer has. */
interface AnswerHead {
  formatVersion: typeof ANSWER_FORMAT;
  kind: 'answer';
}

/** Who has a grant. */
export interface WhoCanAnswer extends AnswerHead {
  question: 'who-can';
  source: AccessSource;
  /** When the snapshot was taken, in ISO 8601. Only for a snapshot file. */
  takenAt?: string;
  instance: string;
  grant: Grant;
  /** Its title in Domo's user interface; null if the catalogue does not list it. */
  title: string | null;
  /** Roles that hold it, by name, with or without people. */
  roles: readonly { role: string; people: number }[];
  /** By address, then id. */
  people: readonly (PlanPerson & { role: string; pending: boolean })[];
}

/** Does one person have a grant? */
export interface CanAnswer extends AnswerHead {
  question: 'can';
  source: AccessSource;
  /** When the snapshot was taken, in ISO 8601. Only for a snapshot file. */
  takenAt?: string;
  instance: string;
  person: PlanPerson;
  grant: Grant;
  title: string | null;
  answer: boolean;
  /** The role that the person is in. */
  role: string;
  /** The role that gives the grant to the person; null if the answer is no. */
  via: string | null;
  /** Names of the roles that hold the grant, sorted. */
  heldBy: readonly string[];
}

/** Returns who has a grant. `text` is the id or the title of the grant. Raises `not-found` as `findGrant` does. */
export function whoCan(view: AccessView, text: string): WhoCanAnswer {
  const { grant, title, holders } = findGrant(view, text);
  const counts = new Map(holders.map((role) => [role.key, 0]));
  const people = view.people.flatMap((person) => {
    const role = roleOf(view, person);
    const count = counts.get(role.key);
    if (count === undefined) return [];
    counts.set(role.key, count + 1);
    return [{ id: person.id, email: person.email, role: role.name, pending: person.kind === 'pending' }];
  });
  return {
    formatVersion: ANSWER_FORMAT,
    kind: 'answer',
    question: 'who-can',
    ...sourceOf(view),
    instance: view.instance,
    grant,
    title,
    roles: holders.map(({ key, name }) => ({ role: name, people: counts.get(key) ?? 0 })),
    people: people.sort((a, b) => byCodeUnit(a.email ?? '', b.email ?? '') || a.id - b.id),
  };
}

/**
 * Returns whether a person has a grant. `user` is an address in any case, or an id; `text` is the id or the title of the
 * grant. Raises `not-found` for an unknown person or grant, `ambiguous-person` for an address of several people.
 */
export function can(view: AccessView, user: string, text: string): CanAnswer {
  const { grant, title, holders } = findGrant(view, text);
  const person = findPerson(view, user);
  const role = roleOf(view, person);
  const answer = role.grants.includes(grant);
  return {
    formatVersion: ANSWER_FORMAT,
    kind: 'answer',
    question: 'can',
    ...sourceOf(view),
    instance: view.instance,
    person: { id: person.id, email: person.email },
    grant,
    title,
    answer,
    role: role.name,
    via: answer ? role.name : null,
    heldBy: holders.map(({ name }) => name),
  };
}

/** Finds a person by address, in any case, or by id. Raises `not-found` and `ambiguous-person`. */
export function findPerson({ people }: Pick<AccessView, 'people'>, user: string): Person {
  const isId = /^\s*\d{1,15}\s*$/u.test(user);
  const found = personFinder(people)(isId ? { id: Number(user) } : { email: sameAddress(user) });
  const [person, ...more] = found;
  if (person && more.length === 0) return person;
  if (person) {
    throw new ProblemError(
      problem('ambiguous-person', `${quotedName(user)} is the address of ${found.length} people`, {
        hint: `ask by id: ${found.map(({ id }) => id).join(', ')}`,
      }),
    );
  }
  const addresses = people.flatMap(({ email }) => email ?? []);
  throw new ProblemError(
    problem('not-found', `there is no ${isId ? 'person with id' : 'person'} ${quotedName(user.trim())}`, {
      hint:
        (isId ? null : didYouMean(sameAddress(user), addresses)) ??
        'use an address or an id; `domo-roles get people` lists them',
    }),
  );
}
