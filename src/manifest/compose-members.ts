import type { PersonRef } from '../model/policy.js';
import type { DraftMembers, MemberLayer } from './draft.js';
import type { ManifestMember } from './manifest.js';
import type { SourceRange } from './yaml-values.js';

/** The people of a role once all that it inherits is composed. */
export interface ComposedMembers {
  listed: readonly ManifestMember[];
  /** Entries of `remove` that take nobody out. */
  unmet: readonly SourceRange<PersonRef>[];
}

/**
 * Composes the members of a role, from the lowest layer up: an entry takes the place of those below for the same
 * person, and `remove` takes out of what is listed so far, this layer included.
 */
export function composeMembers({ layers }: Pick<DraftMembers, 'layers'>): ComposedMembers {
  let listed: ManifestMember[] = [];
  const unmet: SourceRange<PersonRef>[] = [];
  let isKnown = true;
  for (const layer of layers) {
    const here = entriesOf(layer);
    const replaced = new Set(here.flatMap(spellingsOf));
    const kept = listed.filter((one) => !isIn(replaced, one));
    const all = [...kept, ...here];
    const there = new Set(all.flatMap(spellingsOf));
    const removed = new Set(layer.remove.map(({ value }) => spellingOf(value)));
    listed = removed.size === 0 ? all : all.filter((one) => !isIn(removed, one));
    // A members file that could not be read may list anyone.
    isKnown &&= layer.file === null || layer.listed !== null;
    if (isKnown) unmet.push(...layer.remove.filter(({ value }) => !there.has(spellingOf(value))));
  }
  return { listed, unmet };
}

function entriesOf({ users, listed }: MemberLayer): ManifestMember[] {
  return [...(users ?? []), ...(listed ?? [])];
}

/** What a person can be found by. */
type Spelling = string | number;

/** All that an entry gives of a person: the address, the id, or both. */
export function spellingsOf({ ref, email }: ManifestMember): Spelling[] {
  return [...('id' in ref ? [ref.id] : []), ...(email === null ? [] : [email])];
}

function spellingOf(ref: PersonRef): Spelling {
  return 'email' in ref ? ref.email : ref.id;
}

function isIn(people: ReadonlySet<Spelling>, member: ManifestMember): boolean {
  return spellingsOf(member).some((one) => people.has(one));
}
