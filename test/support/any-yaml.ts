import fc from 'fast-check';

/** The size of a list or map. */
const SOME = { minLength: 1, maxLength: 3 };

const often = fc.constantFrom(
  ...[
    'a',
    'b c',
    'content.read',
    '12',
    '"q"',
    "'s t'",
    'true',
    'x:y',
    'ana@acme.com',
    '2027-01-31',
    '10%',
    './a',
  ],
);

/** Unusual scalars, and text that is not a scalar. */
const unusualScalar = fc.constantFrom(
  ...'[ - ? | >- <<'.split(' '),
  ...'null ~ 012 1e3 -1 0x1F .5 1.5 3rd .. ... --- a:b a#b a]b *a !t %a @b é 日本 😀'.split(' '),
  ...["'it''s'", '"x\\n"', 'a "b"', 'a :b', 'a, b', 'x - y', '- ', '&a b', '\u{2028}', ''],
);

const scalar = fc.oneof({ weight: 60, arbitrary: often }, { weight: 1, arbitrary: unusualScalar });
const keys = fc.oneof(
  { weight: 30, arbitrary: fc.shuffledSubarray(['a', 'b', 'c d', '"e"', 'f.g', '12'], { minLength: 3 }) },
  { weight: 1, arbitrary: fc.array(scalar, { minLength: 3, maxLength: 3 }) },
);
const gap = mostly('', ' ', '\n', '\n      ', '\n\n          ', ' # c\n     ');
const endOfLine = mostly('', '  ', ' # c', '  # d: "', '#e');

/** Usually the first text, sometimes the other. */
function mostly(usual: string, ...others: string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 20, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

const { inBrackets } = fc.letrec<{ inBrackets: string; list: string; map: string }>((tie) => ({
  inBrackets: fc.oneof({ maxDepth: 2 }, scalar, tie('list'), tie('map')),
  list: fc
    .tuple(fc.array(fc.tuple(gap, tie('inBrackets'), gap), { maxLength: 3 }), mostly('', ',', ' ,'), gap)
    .map(([items, tail, last]) => `[${items.map((item) => item.join('')).join(',')}${tail}${last}]`),
  map: fc
    .tuple(keys, fc.array(fc.tuple(mostly(': ', ':', ':  '), tie('inBrackets'), gap), SOME))
    .map(([names, values]) => `{${values.map((value, n) => `${names[n]}${value.join('')}`).join(',')}}`),
}));

/** Lines with their indentation, relative to their parent. */
type Lines = readonly (readonly [indent: number, text: string])[];

/** Comments and blank lines. */
const commentsAndBlankLines: fc.Arbitrary<Lines> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Lines>([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.tuple(fc.constantFrom(-4, -2, -1, 0, 0, 1, 2, 4), fc.constantFrom('# c', '', '  ', '# d: e')),
      { maxLength: 2 },
    ),
  },
);

const { block } = fc.letrec<Record<'block' | 'map' | 'list' | 'leaf' | 'value', Lines>>((tie) => ({
  // The first line continues another one.
  leaf: fc
    .tuple(inBrackets, endOfLine, commentsAndBlankLines)
    .map(([text, end, after]): Lines => [[0, ` ${text}${end}`], ...after]),
  value: fc.oneof(
    { maxDepth: 3 },
    tie('leaf'),
    fc
      .tuple(endOfLine, fc.constantFrom(0, 1, 2, 2, 2, 2, 3, 4), tie('block'), commentsAndBlankLines)
      .map(([end, by, inner, after]): Lines => [[0, end], ...shift(inner, by), ...after]),
  ),
  map: fc
    .tuple(keys, fc.array(tie('value'), SOME))
    .map(([names, values]) => values.flatMap((value, n) => behind(`${names[n]}:`, value))),
  list: fc.array(fc.oneof(tie('leaf'), tie('map')), SOME).map((items) =>
    items.flatMap((item) => {
      const isLeaf = item[0]?.[1].startsWith(' ');
      return behind(isLeaf ? '-' : '- ', isLeaf ? item : [...item.slice(0, 1), ...shift(item.slice(1), 2)]);
    }),
  ),
  block: fc.oneof(tie('map'), tie('list')),
}));

function behind(start: string, [[, rest] = [0, ''], ...lines]: Lines): Lines {
  return [[0, start + rest], ...lines];
}

function shift(lines: Lines, by: number): Lines {
  return lines.map(([indent, text]) => [indent + by, text]);
}

/** Text that is almost always valid YAML, and often of the plain subset. */
export function anyYaml(): fc.Arbitrary<string> {
  return fc
    .tuple(commentsAndBlankLines, keys, fc.array(block, SOME), mostly('\n', '', '\n\n', '  ', '\n  \n# e'))
    .map(([before, names, values, end]) => {
      const lines = values.flatMap((value, n): Lines => [[0, `${names[n]}:`], ...shift(value, 2)]);
      return [...before, ...lines].map(([by, text]) => ' '.repeat(Math.max(0, by)) + text).join('\n') + end;
    });
}
