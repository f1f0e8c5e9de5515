/** White space, and U+2800, a blank that Unicode classifies as a Braille symbol. */
export const BLANK = /[\s\u{2800}]/gu;

/** Characters that are not drawn. */
export const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** A run of characters that are not drawn, with the characters before and after it, which other runs may share. */
const INVISIBLE_RUN =
  /([^\p{Default_Ignorable_Code_Point}])?(\p{Default_Ignorable_Code_Point}+)(?=([^\p{Default_Ignorable_Code_Point}])?)/gu;

/** A variation selector, a joiner, or both in this order: emoji and several scripts need them. */
const JOINING = /^[\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}\u{180b}-\u{180d}\u{180f}]?[\u{200c}\u{200d}]?$/u;

/** Characters that a variation selector may follow at the end of a word: `Team ❤️`. */
const BEFORE_SELECTOR = /[\p{Extended_Pictographic}\p{Ideographic}\p{Script=Mongolian}]/u;

const BLANK_ONE = new RegExp(BLANK.source, 'u');

/**
 * The first invisible character of a name, or null. Joiners and variation selectors between visible characters do not
 * count: they are part of a glyph.
 */
export function firstInvisible(name: string): string | null {
  for (const [, before, run = '', after] of name.matchAll(INVISIBLE_RUN)) {
    const isVisible = (one: string | undefined): boolean => one !== undefined && !BLANK_ONE.test(one);
    const endsWord =
      run.length <= 2 && !/[\u{200c}\u{200d}]/u.test(run) && BEFORE_SELECTOR.test(before ?? '');
    const joins = JOINING.test(run) && isVisible(before) && (isVisible(after) || endsWord);
    if (!joins) return [...run][0] ?? null;
  }
  return null;
}

/** `U+0065 U+0301`; `nothing` for an empty text; long texts are cut. */
export function codePoints(text: string): string {
  const all = [...text].map(
    (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  if (all.length === 0) return 'nothing';
  return all.length > 8 ? `${all.slice(0, 8).join(' ')} …` : all.join(' ');
}
