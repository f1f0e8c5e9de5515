import { describe, expect, it } from '@jest/globals';
import { composeMembers } from '../../../src/manifest/members/compose-members.js';
import type { DraftMember, MemberLayer } from '../../../src/manifest/draft/draft.js';
import type { PersonRef } from '../../../src/model/person.js';
import type { Place } from '../../../src/manifest/yaml/yaml-values.js';

const AT: Place = { file: 'm.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };

/** A short form of an entry: `a@x.y`, `7` or `7=a@x.y`; with ` to DAY`, it ends. */
function member(text: string): DraftMember {
  const [who = '', until = null] = text.split(' to ');
  const [id, address] = who.includes('@') && !who.includes('=') ? [null, who] : who.split('=');
  const email = address ?? null;
  const ref = id ? { id: Number(id) } : { email: email ?? '' };
  return { ref, email, until, note: null, where: AT, untilAt: until === null ? null : AT };
}

interface Layer {
  users?: string[];
  /** The lines of a members file; null if it cannot be read. */
  file?: string[] | null;
  remove?: string[];
}

/** Entries of `remove`, also with an address next to an id. */
function refOf({ ref, email }: DraftMember): PersonRef {
  return 'id' in ref && email !== null ? { ...ref, email } : ref;
}

function layerOf({ users, file, remove = [] }: Layer): MemberLayer {
  return {
    users: users?.map(member) ?? null,
    file: file === undefined ? null : { value: 'people.txt', at: AT },
    listed: file?.map(member) ?? null,
    remove: remove.map((one) => ({ value: refOf(member(one)), at: AT })),
  };
}

function shortForm({ ref, email, until }: DraftMember): string {
  const who = 'id' in ref ? [ref.id, email].filter((one) => one !== null).join('=') : ref.email;
  return until === null ? who.toString() : `${who} to ${until}`;
}

describe('composing members', () => {
  it.each<[string, Layer[], string[], string[]]>([
    ['one layer', [{ users: ['a@x.y', '7'], file: ['b@x.y'] }], ['a@x.y', '7', 'b@x.y'], []],
    ['two layers', [{ users: ['a@x.y'] }, { file: ['b@x.y'] }], ['a@x.y', 'b@x.y'], []],
    [
      'an entry in place of one of the same address',
      [{ users: ['a@x.y'] }, { users: ['a@x.y to 2027-01-01'] }],
      ['a@x.y to 2027-01-01'],
      [],
    ],
    [
      'an entry in place of one of the same id',
      [{ users: ['7 to 2027-01-01', 'b@x.y'] }, { users: ['7'] }],
      ['b@x.y', '7'],
      [],
    ],
    [
      'an entry of both in place of one by id and one by address',
      [{ users: ['7', 'a@x.y', 'b@x.y'] }, { users: ['7=a@x.y'] }],
      ['b@x.y', '7=a@x.y'],
      [],
    ],
    [
      'an entry in place of a line of a file below',
      [{ file: ['a@x.y', 'b@x.y'] }, { users: ['a@x.y to 2027-01-01'] }],
      ['b@x.y', 'a@x.y to 2027-01-01'],
      [],
    ],
    ['a person removed by address', [{ users: ['7=a@x.y', 'b@x.y'] }, { remove: ['a@x.y'] }], ['b@x.y'], []],
    [
      'a person removed by both, whichever the entry gives',
      [{ users: ['7', 'a@x.y', 'b@x.y'] }, { remove: ['7=a@x.y'] }],
      ['b@x.y'],
      [],
    ],
    ['a person removed by id', [{ users: ['7=a@x.y', 'b@x.y'] }, { remove: ['7'] }], ['b@x.y'], []],
    ['a person removed of their own layer', [{ file: ['a@x.y', 'b@x.y'], remove: ['a@x.y'] }], ['b@x.y'], []],
    [
      'a person removed and listed again above',
      [{ users: ['a@x.y'] }, { remove: ['a@x.y'] }, { users: ['a@x.y'] }],
      ['a@x.y'],
      [],
    ],
    [
      'the removal of a person who is not listed',
      [{ users: ['a@x.y'] }, { remove: ['b@x.y', '7'] }],
      ['a@x.y'],
      ['b@x.y', '7'],
    ],
    [
      'the removal of a person who is only listed in a higher layer',
      [{ remove: ['a@x.y'] }, { users: ['a@x.y'] }],
      ['a@x.y'],
      ['a@x.y'],
    ],
    ['a person removed next to a file that cannot be read', [{ file: null }, { remove: ['a@x.y'] }], [], []],
  ])('%s', (_, layers, listed, unmet) => {
    const composed = composeMembers({ layers: layers.map(layerOf) });
    expect(composed.listed.map((one) => shortForm(one as DraftMember))).toEqual(listed);
    expect(composed.unmet.map(({ value }) => String('id' in value ? value.id : value.email))).toEqual(unmet);
  });
});
