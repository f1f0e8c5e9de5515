import { peopleByRole, personAt } from '../model/person.js';
import type { LivePeople, LiveRole } from '../model/snapshot.js';
import type { LiveReader } from './reader.js';
import type { PersonId } from '../model/ids.js';

/** People and, asked for by id, those of these ids whom a search for all people leaves out. */
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

/** People and the hidden accounts in these roles, asked for where an instance counts more in one than were found. */
export async function withMembers(
  reader: Pick<LiveReader, 'readHiddenMembers'>,
  people: LivePeople,
  roles: readonly Pick<LiveRole, 'id' | 'userCount'>[],
): Promise<LivePeople> {
  const known = peopleByRole(people.list);
  const crowded = roles.filter(
    ({ id, userCount }) => userCount !== null && userCount > (known.get(id)?.length ?? 0),
  );
  const found = await Promise.all(crowded.map(({ id }) => reader.readHiddenMembers(id, known.get(id) ?? [])));
  const more = found.flat().filter(({ id }) => !personAt(people.list, id));
  if (more.length === 0) return people;
  return { ...people, list: [...people.list, ...more].sort((a, b) => a.id - b.id) };
}
