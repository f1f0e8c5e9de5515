import type { RoleView } from './role-views.js';
import { personLabel } from '../format/phrases.js';

/** People of one role who are not where the manifest wants them, ready to be shown. */
export interface MemberGroup {
  /** `should be here and is not`, after the number of people. */
  title: string;
  /** In one word, for counts. */
  label: 'missing' | 'too many';
  people: readonly { who: string; verb: string; role: string | null }[];
}

/** Who is missing from a role, then who is too many in it; groups without people are left out. */
export function memberGroups({ missing, extra, state }: RoleView): MemberGroup[] {
  const one = (list: readonly unknown[], single: string, several: string): string =>
    list.length === 1 ? single : several;
  const groups: MemberGroup[] = [
    {
      title: one(missing, 'should be here and is not', 'should be here and are not'),
      label: 'missing',
      people: missing.map((person) => ({ who: personLabel(person), verb: 'is in', role: person.from })),
    },
    {
      title:
        state === 'deleted'
          ? one(extra, 'is in it', 'are in it')
          : one(extra, 'is here and should not be', 'are here and should not be'),
      label: 'too many',
      people: extra.map((person) => ({
        who: personLabel(person),
        verb: person.to === null ? 'is listed in no role' : 'is listed in',
        role: person.to,
      })),
    },
  ];
  return groups.filter(({ people }) => people.length > 0);
}
