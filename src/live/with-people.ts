import { personAt } from '../model/person.js';
import type { LivePeople } from '../model/snapshot.js';
import type { LiveReader } from './reader.js';

/** People and, asked for by id, those of these ids whom a search for everybody leaves out. */
export async function withPeople(
  reader: Pick<LiveReader, 'readPeopleByIds'>,
  people: LivePeople,
  ids: Iterable<number>,
): Promise<LivePeople> {
  const hidden = [...new Set(ids)].filter((id) => !personAt(people.list, id)).sort((a, b) => a - b);
  if (hidden.length === 0) return people;
  const more = await reader.readPeopleByIds(hidden);
  return { ...people, list: [...people.list, ...more].sort((a, b) => a.id - b.id) };
}
