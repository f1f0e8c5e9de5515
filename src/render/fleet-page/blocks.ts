import type { Tone } from '../vocabulary.js';

/** Index of a text in the page's table of texts. */
type TextIndex = number;

/** A short label in its tone. */
type Pill = readonly [TextIndex, Tone];

/** A line of a list: its label, or null, and its text. */
export type Line = readonly [Pill | null, TextIndex];

/** People of a role: the heading, who and what about each, and how many more there are. */
export type PeopleGroup = readonly [TextIndex, readonly (readonly [TextIndex, TextIndex])[], number];

/** A part of an instance's panel, as the page's script takes it. Texts are one line each, and data, not HTML. */
export type Block =
  | readonly ['lines', TextIndex, readonly Line[], number]
  | readonly [
      'role',
      TextIndex,
      /** The live name if it differs, else null. */
      TextIndex | null,
      readonly Pill[],
      readonly Line[],
      /** Grants on the left of the diff, then those on its right. */
      readonly TextIndex[],
      readonly TextIndex[],
      readonly PeopleGroup[],
    ];

/** Texts and blocks of a page, each kept once however many instances share it. */
export interface BlockTable {
  text: (text: string) => TextIndex;
  /** Adds a block, or finds the one that is equal. */
  add: (block: Block) => number;
  texts: readonly string[];
  blocks: readonly Block[];
}

/** A table without texts and blocks. */
export function openBlocks(): BlockTable {
  const texts: string[] = [];
  const blocks: Block[] = [];
  const textAt = new Map<string, number>();
  const blockAt = new Map<string, number>();
  return {
    texts,
    blocks,
    text: (text) => indexOf(textAt, text, () => texts.push(text)),
    add: (block) => indexOf(blockAt, JSON.stringify(block), () => blocks.push(block)),
  };
}

/** The index under a key; a new one comes from `push`, which gives the length after it. */
function indexOf(known: Map<string, number>, key: string, push: () => number): number {
  const found = known.get(key);
  if (found !== undefined) return found;
  const index = push() - 1;
  known.set(key, index);
  return index;
}
