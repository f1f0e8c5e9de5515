import { addTo } from '../../model/group.js';
import { memoize } from '../../model/memoize.js';
import type { PersonRef } from '../../model/policy.js';
import type { DraftMembers, MemberLayer, DraftRole } from '../draft/draft.js';
import type { ManifestMember } from '../manifest.js';
import type { SourceRange } from '../yaml/yaml-values.js';

/** The people of a role after composing all layers. */
interface ComposedMembers {
  listed: readonly ManifestMember[];
  /** Entries of `remove` that match no one. */
  unmet: readonly SourceRange<PersonRef>[];
}

/**
 * Composes the members of a role, from the lowest layer up. An entry replaces lower entries for the same person; `remove`
 * removes people listed so far, including in the same layer.
 */
export function composeMembers({ layers }: Pick<DraftMembers, 'layers'>): ComposedMembers {
  return composedOf(layers);
}

/** All entries of a role, in the manifest and in its members files. */
export function listedIn({ members }: DraftRole): readonly ManifestMember[] {
  return members ? composeMembers(members).listed : [];
}

/** Cached, because each rule about members composes them. */
const composedOf = memoize((layers: DraftMembers['layers']): ComposedMembers => {
  const list = new ListSoFar();
  const unmet: SourceRange<PersonRef>[] = [];
  let isKnown = true;
  for (const layer of layers) {
    const here = entriesOf(layer);
    for (const member of here) for (const spelling of spellingsOf(member)) list.takeOut(spelling);
    for (const member of here) list.add(member);
    const missed = layer.remove.filter(({ value }) => !refSpellings(value).some((one) => list.has(one)));
    for (const { value } of layer.remove) for (const spelling of refSpellings(value)) list.takeOut(spelling);
    // A members file that could not be read might list anyone.
    isKnown &&= layer.file === null || layer.listed !== null;
    if (isKnown) unmet.push(...missed);
  }
  return { listed: list.members(), unmet };
});

/** The entries listed so far, indexed by address and id. */
class ListSoFar {
  private readonly listed = new Set<ManifestMember>();
  private readonly bySpelling = new Map<Spelling, ManifestMember[]>();

  add(member: ManifestMember): void {
    this.listed.add(member);
    for (const spelling of spellingsOf(member)) addTo(this.bySpelling, spelling, member);
  }

  has(spelling: Spelling): boolean {
    return this.bySpelling.get(spelling)?.some((member) => this.listed.has(member)) ?? false;
  }

  takeOut(spelling: Spelling): void {
    for (const member of this.bySpelling.get(spelling) ?? []) this.listed.delete(member);
    this.bySpelling.delete(spelling);
  }

  members(): ManifestMember[] {
    return [...this.listed];
  }
}

function entriesOf({ users, listed }: MemberLayer): ManifestMember[] {
  return [...(users ?? []), ...(listed ?? [])];
}

/** The address or id of a person, as a lookup key. */
type Spelling = string | number;

/** The lookup keys of an entry: its address, its id, or both. */
export function spellingsOf({ ref, email }: ManifestMember): Spelling[] {
  return [...('id' in ref ? [ref.id] : []), ...(email === null ? [] : [email])];
}

function refSpellings(ref: PersonRef): Spelling[] {
  return [...('id' in ref ? [ref.id] : []), ...(ref.email === undefined ? [] : [ref.email])];
}
