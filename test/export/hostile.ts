import fc from 'fast-check';
import type { CatalogueEntry, Grant } from '../../src/model/grant.js';
import { byCodeUnit } from '../../src/model/sort.js';
import { grantList } from '../../src/model/grant.js';
import type { Person, PersonKind } from '../../src/model/person.js';
import type { LiveAllowlist, LiveRole, Snapshot } from '../../src/model/snapshot.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { anyText } from '../support/any-text.js';

/** Names with a special meaning in YAML, in a file system or in this program. */
const TRICKY_NAMES = [
  ...[
    'no',
    'Off',
    '~',
    'null',
    '1.0',
    '0x1F',
    '1e3',
    '2026-01-01',
    '1:30',
    '-',
    '---',
    '...',
    '<<',
    '=',
    '!tag',
  ],
  ...[
    '*alias',
    '&anchor',
    '? key',
    'a: b',
    'a #b',
    '#c',
    '[x',
    '{y',
    '%d',
    '@e',
    '`f',
    '| g',
    '> h',
    '"i',
    "'j",
  ],
  ...[
    '../../etc/passwd',
    'C:\\x',
    'con',
    'NUL',
    'instance',
    'members',
    'a/b',
    'Ünïcödé',
    'İstanbul',
    '.hidden',
  ],
  ...[
    ' ',
    ' lead',
    'trail ',
    'two  blanks',
    'Two Blanks',
    'editor',
    'EDITOR',
    ' Admin',
    'toString',
    'hasOwnProperty',
  ],
  ...[
    'Data\u00a0Analyst',
    'Data Analyst',
    '\u2028',
    'x\u2029y',
    '\ufeffbom',
    'x\ufffe',
    '\ue000',
    'k'.repeat(1000),
  ],
  ...['👩‍💻'.repeat(150), 'l'.repeat(1001), 'a\tb', 'a\u0085b', 'x \\u0041 \\', '\u{e0041}tag', 'Ａdmin'],
  ...HOSTILE_TEXTS.map(([, text]) => text),
];

const TRICKY_ADDRESSES = [
  ...['#hash@acme.com', '*star@acme.com', '&and@acme.com', "o'neil@acme.com", '"q"@acme.com', 'a#b@acme.com'],
  ...[
    'a:b@acme.com',
    '1@2',
    'no@acme.com',
    '!x@acme.com',
    '{x@acme.com',
    '-@-',
    '~@~',
    '%@%',
    'id:5@acme.com',
  ],
  ...[
    'not an address',
    'two@at@acme.com',
    '',
    '@',
    'ﬁ@acme.com',
    'ünï@acme.com',
    'x\u200b@acme.com',
    'a\n@acme.com',
  ],
  ...[
    `${'x'.repeat(400)}@acme.com`,
    'same@acme.com',
    '__proto__@acme.com',
    'a\u2028@b.c',
    '?@x',
    '>@x',
    '|@x',
  ],
];

const TEXTS = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TRICKY_NAMES) },
  { weight: 1, arbitrary: anyText({ minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }) },
);

const GROUPS = ['DATA', 'CARDS_PAGES', 'data', '', 'a\n- b: #', '__proto__'];

/** Forty grants in six groups, with dependencies between them. */
export const MANY_GRANTS: readonly CatalogueEntry[] = [
  ...Array.from({ length: 38 }, (_, index): CatalogueEntry => {
    const needs = index % 7 === 3 ? [`g${String(index - 1).padStart(2, '0')}.use`] : [];
    return entry(`g${String(index).padStart(2, '0')}.use`, GROUPS[index % GROUPS.length] ?? '', needs);
  }),
  entry('authorization.roles', 'COMPANY', ['ui.admin']),
  entry('not a grant', 'DATA', []),
].sort((a, b) => byCodeUnit(a.grant, b.grant));

function entry(grant: Grant, group: string, dependsOn: readonly Grant[]): CatalogueEntry {
  const adminLevel = grant === 'authorization.roles';
  return { grant, title: grant, group, dependsOn, adminLevel, features: [] };
}

const NAMES = MANY_GRANTS.map(({ grant }) => grant);
const PLAIN = NAMES.filter((grant) => grant.endsWith('.use'));
const BLOCKS = [
  PLAIN.slice(0, 12),
  PLAIN.slice(6, 20),
  PLAIN.slice(20),
  PLAIN.filter((_, at) => at % 6 === 0),
];

/** Lists that share many grants, as those of real roles do. Some contain grants that no catalogue lists. */
const grantsOfRole: fc.Arbitrary<Grant[]> = fc
  .tuple(
    fc.subarray(BLOCKS, { maxLength: 3 }),
    fc.subarray([...NAMES], { maxLength: 3 }),
    fc.subarray(PLAIN, { maxLength: 2 }),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant<Grant[]>([]) },
      { weight: 1, arbitrary: fc.subarray(['not.listed', 'a\nb # c', '']) },
    ),
  )
  .map(([blocks, more, less, strange]) =>
    grantList([...blocks.flat(), ...more, ...strange].filter((grant) => !less.includes(grant))),
  );

const anyPerson = fc.record({
  place: fc.nat(),
  email: fc.oneof(
    { weight: 4, arbitrary: fc.constant('own') },
    { weight: 3, arbitrary: fc.constantFrom(...TRICKY_ADDRESSES) },
    { weight: 1, arbitrary: TEXTS },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  name: TEXTS,
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant<PersonKind>('active') },
    { weight: 1, arbitrary: fc.constantFrom<PersonKind>('pending', 'support', 'system') },
  ),
});

/** Instances with only hostile texts, and with lists that can be factored. */
export const hostileSnapshot: fc.Arbitrary<Snapshot> = fc
  .record({
    names: fc.uniqueArray(TEXTS, { maxLength: 9 }),
    texts: fc.array(TEXTS, { minLength: 9, maxLength: 9 }),
    grants: fc.array(grantsOfRole, { minLength: 14, maxLength: 14 }),
    people: fc.array(anyPerson, { maxLength: 16 }),
    defaultPlace: fc.nat(),
    list: fc.oneof(
      fc.constantFrom('off' as const, 'unreadable' as const),
      fc.array(fc.nat(), { maxLength: 5 }),
    ),
    honest: fc.boolean(),
  })
  .map(({ names, texts, grants, people, defaultPlace, list, honest }): Snapshot => {
    const system = ['Admin', 'Privileged', 'Editor', 'Participant', 'Social'];
    // Domo itself refuses two roles with the same name.
    const custom = names.filter((name) => !system.includes(name));
    const roles = [...system, ...custom].map((name, at): LiveRole => ({
      id: at < 5 ? at + 1 : 1000 - at,
      name,
      description: at < 5 ? '' : (texts[at - 5] ?? '').trim(),
      grants: at === 0 ? NAMES : (grants[at] ?? []),
      userCount: null,
      grantCount: null,
    }));
    const at = (place: number): LiveRole => roles[place % roles.length] as LiveRole;
    const defaultRoleId = at(defaultPlace).id;
    const ids = typeof list === 'string' ? [] : list.map((place) => at(place).id);
    const allowlist: LiveAllowlist =
      typeof list === 'string' ? list : [...new Set(honest ? [5, defaultRoleId, ...ids] : ids)];
    return {
      instance: honest ? 'acme' : '127.0.0.1:8080',
      sandbox: false,
      me: { id: 1, email: 'root@acme.com', name: 'Root' },
      roles: [...roles].sort((a, b) => a.id - b.id),
      people: {
        scope: 'all',
        list: [
          { id: 1, email: 'root@acme.com', name: 'Root', roleId: 1, kind: 'active' },
          ...people.map(({ place, email, name, kind }, index): Person => ({
            id: 10 + index,
            email: email === 'own' ? `p${index}@acme.com` : (email?.trim().toLowerCase() ?? null),
            name,
            roleId: at(place).id,
            kind,
          })),
        ],
      },
      defaultRoleId,
      allowlist: typeof allowlist === 'string' ? allowlist : [...allowlist].sort((a, b) => a - b),
      catalogue: MANY_GRANTS,
    };
  });
