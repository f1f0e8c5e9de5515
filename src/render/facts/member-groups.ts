import { ownerNote } from './owners.js';
import { roleLabelText, type RoleLabel } from './role-labels.js';
import type { RoleView } from './role-views.js';
import { personLabel, plural, nameText, signed } from '../format/phrases.js';
import type { ToneText, Vocabulary } from '../vocabulary.js';

/** A group of people who are missing from a role or should not be in it. */
export interface MemberGroup {
  /** `should be here and is not`, after the number of people. */
  title: string;
  /** One word for counts. */
  label: 'missing' | 'too many';
  people: readonly { who: string; ended: string | null; verb: string; role: RoleLabel | null }[];
}

/** The people missing from a role, then those who should not be in it; without empty groups. */
export function memberGroups({ missing, extra, state }: RoleView): MemberGroup[] {
  const one = (list: readonly unknown[], single: string, several: string): string =>
    list.length === 1 ? single : several;
  const groups: MemberGroup[] = [
    {
      title: one(missing, 'should be here and is not', 'should be here and are not'),
      label: 'missing',
      people: missing.map((person) => ({
        who: personLabel(person),
        ended: null,
        verb: 'is in',
        role: person.role,
      })),
    },
    {
      title:
        state === 'deleted'
          ? one(extra, 'is in it', 'are in it')
          : one(extra, 'is here and should not be', 'are here and should not be'),
      label: 'too many',
      people: extra.map((person) => ({
        who: personLabel(person),
        ended: person.ended,
        verb: person.role === null ? 'is listed in no role' : 'is listed in',
        role: person.role,
      })),
    },
  ];
  return groups.filter(({ people }) => people.length > 0);
}

/** A person, with how long ago their entry ended: `bo@acme.com (ended 2026-12-31, 2 days late)`. */
export function whoAndEnd({ who, ended }: MemberGroup['people'][number]): string {
  return ended === null ? who : `${who} (${ended})`;
}

/** Where a person is instead: `is listed in Data Analyst`. `show` returns a name in the format of the report. */
export function elsewhere(
  { verb, role }: MemberGroup['people'][number],
  show: (name: string) => string,
): string {
  return role === null ? verb : `${verb} ${roleLabelText(role, show)}`;
}

/** The counts of a role's changes: `+4 grants`, `3 people in`. */
export function roleCounts(view: RoleView): ToneText[] {
  const leaving = view.leavers.reduce((sum, { people }) => sum + people, 0);
  const added = view.grants?.added.length ?? 0;
  const removed = view.grants?.removed.length ?? 0;
  const people = (count: number, what: string): string => `${plural(count, 'person', 'people')} ${what}`;
  const counts: [number, ToneText][] = [
    [added, { text: signed('+', plural(added, 'grant')), tone: 'good' }],
    [removed, { text: signed('-', plural(removed, 'grant')), tone: 'bad' }],
    ...memberGroups(view).map((group): [number, ToneText] => [
      group.people.length,
      { text: people(group.people.length, group.label), tone: group.label === 'missing' ? '' : 'bad' },
    ]),
    [view.arrivals.length, { text: people(view.arrivals.length, 'in'), tone: '' }],
    [leaving, { text: people(leaving, 'out'), tone: '' }],
  ];
  return counts.filter(([count]) => count > 0).map(([, text]) => text);
}

/** `Data Analyst: new role, +4 grants, 3 people in`. */
export function roleSummary(view: RoleView, { roleStates }: Vocabulary): string {
  const facts = [roleStates[view.state].text, ...roleCounts(view).map(({ text }) => text)];
  return `${nameText(view.name)}${ownerNote(view.owner)}: ${facts.join(', ')}`;
}
