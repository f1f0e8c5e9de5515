import { peopleByRole, personAt } from '../model/person.js';
import type { LivePeople, LiveRole } from '../model/snapshot.js';
import type { LiveReader } from './reader.js';
import type { PersonId } from '../model/ids.js';

/** Returns the people, and those of these ids that a search for all people leaves out. */
export async function withPeople(
  reader: Pick<LiveReader, 'readPeopleByIds'>,
  people: LivePeople,
  ids: Iterable<PersonId>,
): Promise<LivePeople> {
  const hidden = [...new Set(ids)].filter((id) => !personAt(people.list, id)).sort((a, b) => a - b);
  if (hidden.length === 0) return people;
  const more = await reader.readPeopleByIds(hidden);
  return { ...people, list: [...people.list, ...more].sort((a, b) => a.id - b.id) };
}

/** Returns the people, and the hidden accounts of those roles whose user count is higher than the number of known people. */
export async function withMembers(
  reader: Pick<LiveReader, 'readHiddenMembers'>,
  people: LivePeople,
  roles: readonly Pick<LiveRole, 'id' | 'userCount'>[],
): Promise<LivePeople> {
  const known = peopleByRole(people.list);
  const incomplete = roles.filter(
    ({ id, userCount }) => userCount !== null && userCount > (known.get(id)?.length ?? 0),
  );
  if (incomplete.length === 0) return people;
  const found = await reader.readHiddenMembers(
    incomplete.map(({ id }) => id),
    incomplete.flatMap(({ id }) => known.get(id) ?? []),
  );
  const more = found.filter(({ id }) => !personAt(people.list, id));
  if (more.length === 0) return people;
  return { ...people, list: [...people.list, ...more].sort((a, b) => a.id - b.id) };
}
