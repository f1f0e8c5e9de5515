import { describe, expect, it } from '@jest/globals';
import type { ManifestGrants, ManifestRole } from '../../../src/manifest/manifest.js';
import { validateManifest } from '../../../src/manifest/load/load.js';
import { folderOf, HEAD } from '../support.js';

/** A short form of a role: `@Editor` means the grants of that role. */
interface Wanted {
  grants?: string;
  members?: string;
  mode?: string;
  description?: string;
}

interface LayerCase {
  of: string;
  /** Bodies of manifests by name, and members files. `top.yaml` is the manifest to check. */
  files: Readonly<Record<string, string>>;
  /** The role `A`, or null if it is not wanted. */
  role?: Wanted | null;
  /** Other keys of the manifest. */
  rest?: Readonly<Record<string, unknown>>;
  /** Each problem as its code and place. */
  problems?: readonly string[];
}

function composed(grants: ManifestGrants): string {
  const all = new Set<string>();
  for (const { from, add, optional, remove } of grants.layers ?? [grants]) {
    for (const one of [...from.map((role) => `@${role}`), ...add, ...optional.map((one) => `${one}?`)])
      all.add(one);
    for (const one of remove) all.delete(one);
  }
  return [...all].sort().join(' ');
}

function shortForm(role: ManifestRole | undefined): Wanted | null {
  if (!role) return null;
  const { grants, members, description } = role;
  const users = members?.users.map(({ ref }) => ('email' in ref ? ref.email : String(ref.id)));
  const mode = [grants, members].find((list) => list?.mode === 'additive')?.mode;
  return {
    ...(grants ? { grants: composed(grants) } : {}),
    ...(users ? { members: users.join(' ') } : {}),
    ...(mode ? { mode } : {}),
    ...(description === null ? {} : { description }),
  };
}

async function check(files: LayerCase['files']): ReturnType<typeof validateManifest> {
  const texts = Object.entries(files).map(([name, text]) => [
    name,
    name.endsWith('.yaml') ? `${HEAD}${text}\n` : text,
  ]);
  const cwd = await folderOf(Object.fromEntries(texts) as Record<string, string>);
  return validateManifest(['top.yaml'], { cwd });
}

/** A base and a manifest that extends it. */
const over = (base: string, top: string): Record<string, string> => ({
  'base.yaml': base,
  'top.yaml': `extends: base.yaml\n${top}`,
});

/** The role `A` in a base, and in a manifest that extends it. */
const roleOver = (base: string, top: string): Record<string, string> =>
  over(`roles: { A: { ${base} } }`, `roles: { A: { ${top} } }`);

/** A base, a file that extends it, and the manifest that extends both. Each has the role `A`. */
const three = (base: string, middle: string, top: string): Record<string, string> => ({
  'base.yaml': `roles: { A: { ${base} } }`,
  'middle.yaml': `extends: base.yaml\nroles: { A: ${middle} }`,
  'top.yaml': `extends: middle.yaml\nroles: { A: ${top} }`,
});

const TABLES: Readonly<Record<string, readonly LayerCase[]>> = {
  'The order of bases': [
    {
      of: 'a base that two others extend is merged once, before both',
      files: {
        'common.yaml': 'defaultRole: Social\nroles: { A: { description: common } }',
        'one.yaml': 'extends: common.yaml\nroles: { A: { description: one } }',
        'two.yaml': 'extends: common.yaml\ndefaultRole: Participant',
        'top.yaml': 'extends: [one.yaml, two.yaml]',
      },
      role: { description: 'one' },
      rest: { defaultRole: 'Participant' },
    },
    {
      of: 'later over earlier',
      files: {
        'one.yaml': 'roles: { A: { description: one } }',
        'two.yaml': 'roles: { A: { description: two } }',
        'top.yaml': 'extends: [one.yaml, two.yaml]',
      },
      role: { description: 'two' },
    },
    {
      of: 'a base that is listed after one that extends it stays below it',
      files: {
        'common.yaml': 'roles: { A: { description: common } }',
        'one.yaml': 'extends: common.yaml\nroles: { A: { description: one } }',
        'top.yaml': 'extends: [one.yaml, common.yaml]',
      },
      role: { description: 'one' },
    },
    {
      of: 'a base that is inherited twice adds once',
      files: {
        'common.yaml': 'roles: { A: { grants: { from: [Editor], remove: [a] } } }',
        'one.yaml': 'extends: common.yaml\nroles: { A: { grants: { inherit: true, add: [a] } } }',
        'two.yaml': 'extends: common.yaml\nroles: { A: { grants: { inherit: true, add: [b] } } }',
        'top.yaml': 'extends: [one.yaml, two.yaml]\nroles: { A: { grants: { inherit: true } } }',
      },
      role: { grants: '@Editor a b' },
    },
  ],
  'Grants that inherit': [
    {
      of: 'a list, without other keys',
      files: roleOver('grants: [a, b]', 'grants: { inherit: true }'),
      role: { grants: 'a b' },
    },
    {
      of: 'a map, with everything that it composes',
      files: over(
        'grantSets: { s: [c] }\nroles: { A: { grants: { from: [Editor], sets: [s], add: [a], optional: [o] } } }',
        'roles: { A: { grants: { inherit: true, from: [Social], add: [b], optional: [p] } } }',
      ),
      role: { grants: '@Editor @Social a b c o? p?' },
    },
    {
      of: 'sets of a layer, as the uppermost file defines them',
      files: over(
        'grantSets: { s: [a] }\nroles: { A: { grants: { sets: [s] } } }',
        'grantSets: { s: [b], t: [c] }\nroles: { A: { grants: { inherit: true, sets: [t] } } }',
      ),
      role: { grants: 'b c' },
    },
    {
      of: 'without the grants that are removed here',
      files: roleOver('grants: [a, b]', 'grants: { inherit: true, remove: [a] }'),
      role: { grants: 'b' },
    },
    {
      of: 'until no grant is left',
      files: roleOver('grants: [a]', 'grants: { inherit: true, remove: [a] }'),
      role: { grants: '' },
    },
    {
      of: 'a grant that a base removes, added again',
      files: roleOver('grants: { from: [Editor], remove: [a, b] }', 'grants: { inherit: true, add: [a] }'),
      role: { grants: '@Editor a' },
    },
    {
      of: 'the mode of the base',
      files: roleOver('grants: { mode: additive, add: [a] }', 'grants: { inherit: true, add: [b] }'),
      role: { grants: 'a b', mode: 'additive' },
    },
    {
      of: 'and set their own mode',
      files: roleOver('grants: { mode: additive, add: [a] }', 'grants: { inherit: true, mode: exact }'),
      role: { grants: 'a' },
    },
    {
      of: 'through three files',
      files: three(
        'grants: [a, b]',
        '{ grants: { inherit: true, add: [c], remove: [a] } }',
        '{ grants: { inherit: true, add: [a], remove: [b] } }',
      ),
      role: { grants: 'a c' },
    },
    {
      of: 'nothing, if no file below has them',
      files: roleOver('description: x', 'grants: { inherit: true, add: [a] }'),
      problems: ['inherit-nothing top.yaml:4:34'],
    },
    {
      of: 'nothing, in a file that extends none',
      files: { 'top.yaml': 'roles: { A: { grants: { inherit: true } } }' },
      problems: ['inherit-nothing top.yaml:3:34'],
    },
    {
      of: 'nothing after an intermediate file removed the role',
      files: {
        'base.yaml': 'roles: { A: { grants: [a] } }',
        'middle.yaml': 'extends: base.yaml\nremoved: [A]',
        'top.yaml': 'extends: middle.yaml\nroles: { A: { grants: { inherit: true } } }',
      },
      problems: ['inherit-nothing top.yaml:4:34'],
    },
    {
      of: 'an unknown list if the base cannot be read',
      files: { 'top.yaml': 'extends: base.yaml\nroles: { A: { grants: { inherit: true, add: [a] } } }' },
      problems: ['base-not-found top.yaml:3:10'],
    },
    {
      of: 'nothing known of sets, people, return roles and rules if the base cannot be read',
      files: {
        'base.yaml': 'grantSets: { s: [a]',
        'top.yaml':
          'extends: base.yaml\nroles: { A: { grants: { sets: [s] }, members: { inherit: true, users: [{ email: b@x.y, until: 2027-01-01 }], remove: [a@x.y] } } }\npolicy: { acceptedDrift: [{ what: rule, rule: r, roles: [A], reason: x, until: 2027-01-01 }] }',
      },
      problems: ['yaml-syntax base.yaml:4:1'],
    },
    ...[
      ['5', 'bad-value top.yaml:3:10'],
      ['[*b]', 'yaml-syntax top.yaml:3:11'],
      ['', 'empty-value top.yaml:3:1'],
    ].map(([value = '', found = '']) => ({
      of: `nothing known of the base if it is written as "${value}"`,
      files: {
        'top.yaml': `extends: ${value}\nroles: { A: { members: { inherit: true, remove: [a@x.y] } } }`,
      },
      problems: [found],
    })),
    {
      of: 'a list without the keyword, which is only a problem of the base',
      files: roleOver('grants: {}', 'grants: { inherit: true }'),
      problems: ['empty-value base.yaml:3:15'],
    },
    {
      of: 'with an invalid value',
      files: roleOver('grants: [a]', 'grants: { inherit: yes }'),
      problems: ['bad-value top.yaml:4:34'],
    },
  ],
  'Members that inherit': [
    {
      of: 'a list, without other keys',
      files: roleOver('members: [a@x.y, { id: 7 }]', 'members: { inherit: true }'),
      role: { members: 'a@x.y 7' },
    },
    {
      of: 'and add people and a file',
      files: {
        ...roleOver(
          'members: { users: [a@x.y], file: base.txt }',
          'members: { inherit: true, users: [b@x.y], file: top.txt }',
        ),
        'base.txt': 'c@x.y\n',
        'top.txt': 'd@x.y\n',
      },
      role: { members: 'a@x.y b@x.y c@x.y d@x.y' },
    },
    {
      of: 'without the people who are removed here, in any case, by id, and from a file',
      files: {
        ...roleOver(
          'members: { users: [a@x.y, b@x.y, { id: 7 }], file: base.txt }',
          'members: { inherit: true, remove: [A@X.Y, { id: 7 }, c@x.y] }',
        ),
        'base.txt': 'c@x.y\n',
      },
      role: { members: 'b@x.y' },
    },
    {
      of: 'until no one is left',
      files: roleOver('members: [a@x.y]', 'members: { inherit: true, remove: [a@x.y] }'),
      role: { members: '' },
    },
    {
      of: 'a person whom a base removes, listed again',
      files: three(
        'members: [a@x.y, b@x.y]',
        '{ members: { inherit: true, remove: [a@x.y] } }',
        '{ members: { inherit: true, users: [A@x.y] } }',
      ),
      role: { members: 'a@x.y b@x.y' },
    },
    {
      of: 'the mode of the base',
      files: roleOver(
        'members: { mode: additive, users: [a@x.y] }',
        'members: { inherit: true, users: [b@x.y] }',
      ),
      role: { members: 'a@x.y b@x.y', mode: 'additive' },
    },
    {
      of: 'and set their own mode',
      files: roleOver('members: [a@x.y]', 'members: { inherit: true, mode: additive }'),
      role: { members: 'a@x.y', mode: 'additive' },
    },
    {
      of: 'nothing, if no file below has them',
      files: roleOver('grants: [a]', 'members: { inherit: true }'),
      problems: ['inherit-nothing top.yaml:4:35'],
    },
    {
      of: 'and remove a person who is not listed',
      files: roleOver('members: [a@x.y]', 'members: { inherit: true, remove: [a@x.y, b@x.y, { id: 7 }] }'),
      role: { members: '' },
      problems: ['remove-no-effect top.yaml:4:57', 'remove-no-effect top.yaml:4:70'],
    },
    {
      of: 'and remove a person whom an unreadable file may list',
      files: roleOver('members: { file: gone.txt }', 'members: { inherit: true, remove: [a@x.y] }'),
      problems: ['members-file base.yaml:3:32'],
    },
    {
      of: 'nothing, but remove people of their own file',
      files: {
        'top.yaml': 'roles: { A: { members: { file: all.txt, remove: [b@x.y] } } }',
        'all.txt': 'a@x.y\nb@x.y\n',
      },
      role: { members: 'a@x.y' },
    },
    {
      of: 'and would put a person into two roles',
      files: over(
        'roles: { A: { members: [a@x.y] }, B: { members: [b@x.y] } }',
        'roles: { A: { members: { inherit: true, users: [b@x.y] } } }',
      ),
      problems: ['duplicate-person top.yaml:4:49'],
    },
  ],
  'A map that replaces a list of its base': [
    {
      of: 'whole',
      files: roleOver('grants: [a]', 'grants: { add: [b] }'),
      role: { grants: 'b' },
      problems: ['replaces-base top.yaml:4:15'],
    },
    {
      of: 'completely, on purpose',
      files: roleOver('grants: [a]', 'grants: { inherit: false, add: [b] }'),
      role: { grants: 'b' },
    },
    {
      of: 'under the same key',
      files: roleOver('grants: { from: [Editor], add: [a] }', 'grants: { add: [b] }'),
      role: { grants: '@Editor b' },
      problems: ['replaces-base top.yaml:4:25'],
    },
    {
      of: 'under the same key, on purpose',
      files: roleOver('grants: { from: [Editor], add: [a] }', 'grants: { inherit: false, add: [b] }'),
      role: { grants: '@Editor b' },
    },
    {
      of: 'under several keys',
      files: roleOver(
        'grants: { from: [Editor], sets: [], remove: [a] }',
        'grants: { from: [Social], sets: [], remove: [b] }',
      ),
      role: { grants: '@Social' },
      problems: ['replaces-base top.yaml:4:25', 'replaces-base top.yaml:4:51'],
    },
    {
      of: 'under another key only',
      files: roleOver('grants: { add: [a] }', 'grants: { optional: [b] }'),
      role: { grants: 'a b?' },
    },
    { of: 'as a list', files: roleOver('grants: [a]', 'grants: [b]'), role: { grants: 'b' } },
    {
      of: 'of people, completely',
      files: roleOver('members: [a@x.y]', 'members: { mode: additive, users: [b@x.y] }'),
      role: { members: 'b@x.y', mode: 'additive' },
      problems: ['replaces-base top.yaml:4:15'],
    },
    {
      of: 'of people, under the same key',
      files: roleOver('members: { users: [a@x.y] }', 'members: { users: [b@x.y] }'),
      role: { members: 'b@x.y' },
      problems: ['replaces-base top.yaml:4:26'],
    },
    {
      of: 'of people, as a members file',
      files: {
        ...roleOver('members: { file: base.txt }', 'members: { file: top.txt }'),
        'base.txt': 'a@x.y\n',
        'top.txt': 'b@x.y\n',
      },
      role: { members: 'b@x.y' },
      problems: ['replaces-base top.yaml:4:26'],
    },
    {
      of: 'only by its mode',
      files: roleOver('members: { users: [a@x.y] }', 'members: { mode: additive }'),
      role: { members: 'a@x.y', mode: 'additive' },
    },
    {
      of: 'in every layer that the base inherits',
      files: three(
        'grants: { from: [Editor], add: [a] }',
        '{ grants: { inherit: true, add: [b] } }',
        '{ grants: { add: [c] } }',
      ),
      role: { grants: '@Editor c' },
      problems: ['replaces-base top.yaml:4:25'],
    },
    {
      of: 'that the base inherits as a list',
      files: three(
        'grants: [a]',
        '{ grants: { inherit: true, from: [Editor] } }',
        '{ grants: { add: [c] } }',
      ),
      role: { grants: '@Editor c' },
      problems: ['replaces-base top.yaml:4:25'],
    },
  ],
  unmanaged: [
    {
      of: 'drops the grants of a base',
      files: roleOver('grants: [a], description: x', 'grants: unmanaged'),
      role: { description: 'x' },
    },
    {
      of: 'drops the members of a base',
      files: roleOver('grants: [a], members: [a@x.y]', 'members: unmanaged'),
      role: { grants: 'a' },
    },
    {
      of: 'drops the description of a base',
      files: roleOver('grants: [a], description: x', 'description: { unmanaged: true }'),
      role: { grants: 'a' },
    },
    {
      of: 'is a description like any other as a word',
      files: roleOver('description: x', 'description: unmanaged'),
      role: { description: 'unmanaged' },
    },
    {
      of: 'drops the allowlist and the default role of a base',
      files: over(
        'defaultRole: Social\nallowlist: [Social]',
        'defaultRole: { unmanaged: true }\nallowlist: unmanaged\nroles: { A: {} }',
      ),
      role: {},
      rest: { defaultRole: null, allowlist: null },
    },
    {
      of: 'is a default role like any other as a word',
      files: over('defaultRole: Social', 'defaultRole: unmanaged'),
      rest: { defaultRole: 'unmanaged' },
    },
    {
      of: 'drops a role of a base, and leaves the live role alone',
      files: over('roles: { A: { grants: [a] }, B: {} }', 'roles: { A: unmanaged }'),
      role: null,
      rest: { leftAlone: ['A'] },
    },
    {
      of: 'cancels the removal of a role in a base',
      files: over('removed: [A, B]', 'roles: { A: unmanaged }'),
      role: null,
      rest: { leftAlone: ['A'], removed: ['B'] },
    },
    {
      of: 'lets other names refer to the live role',
      files: over(
        'roles: { A: { grants: [a] } }',
        'defaultRole: A\nallowlist: [A]\nroles: { A: unmanaged, B: { grants: { from: [A] } } }\npolicy: { removedMembersTo: A }',
      ),
      role: null,
      rest: { leftAlone: ['A'], defaultRole: 'A', allowlist: ['A'] },
    },
    {
      of: 'ends in a file that removes the role',
      files: over('roles: { A: unmanaged }', 'removed: [A]'),
      role: null,
      rest: { leftAlone: [], removed: ['A'] },
      problems: ['unmanaged-no-effect base.yaml:3:10'],
    },
    {
      of: 'ends in a later file, which inherits nothing from lower files',
      files: three('grants: [a], description: x', 'unmanaged', '{ grants: [b] }'),
      role: { grants: 'b' },
      rest: { leftAlone: [] },
    },
    {
      of: 'ends in a later file for one list',
      files: three('grants: [a], description: x', '{ grants: unmanaged }', '{ grants: { add: [b] } }'),
      role: { grants: 'b', description: 'x' },
    },
    {
      of: 'leaves nothing to inherit',
      files: three('grants: [a]', '{ grants: unmanaged }', '{ grants: { inherit: true } }'),
      problems: ['inherit-nothing top.yaml:4:34'],
    },
    {
      of: 'of a role leaves nothing to inherit',
      files: three('grants: [a]', 'unmanaged', '{ grants: { inherit: true } }'),
      problems: ['inherit-nothing top.yaml:4:34'],
    },
    {
      of: 'warns if there is no lower layer',
      files: {
        'top.yaml':
          'defaultRole: { unmanaged: true }\nallowlist: unmanaged\nroles:\n  A: { description: { unmanaged: true }, grants: unmanaged, members: unmanaged }\n  B: unmanaged',
      },
      role: {},
      rest: { leftAlone: ['B'], defaultRole: null, allowlist: null },
      problems: [
        'unmanaged-no-effect top.yaml:3:1',
        'unmanaged-no-effect top.yaml:4:1',
        'unmanaged-no-effect top.yaml:6:8',
        'unmanaged-no-effect top.yaml:6:42',
        'unmanaged-no-effect top.yaml:6:61',
        'unmanaged-no-effect top.yaml:7:3',
      ],
    },
    {
      of: 'together with removed in one file is invalid',
      files: over('roles: { A: { grants: [a] }, B: {} }', 'removed: [A]\nroles: { A: unmanaged }'),
      problems: ['removed-and-wanted top.yaml:4:11'],
    },
    {
      of: 'alone manages nothing',
      files: over('roles: { A: {} }', 'roles: { A: unmanaged }'),
      problems: ['manages-nothing top.yaml:1:1'],
    },
    {
      of: 'misspelt',
      files: { 'top.yaml': 'roles: { A: unmanagd }\nremoved: [B]' },
      problems: ['bad-value top.yaml:3:13'],
    },
  ],
  'removed roles': [
    {
      of: 'in the file itself override a role of its base',
      files: over('roles: { A: { grants: [a] }, B: {} }', 'removed: [A]'),
      role: null,
      rest: { removed: ['A'] },
    },
    {
      of: 'in a base are overridden by a role of the file',
      files: over('removed: [A]', 'roles: { A: { grants: [a] } }'),
      role: { grants: 'a' },
      rest: { removed: [] },
    },
    {
      of: 'in a later base override a role of an earlier one',
      files: {
        'one.yaml': 'roles: { A: { grants: [a] }, B: {} }',
        'two.yaml': 'removed: [A]',
        'top.yaml': 'extends: [one.yaml, two.yaml]',
      },
      role: null,
      rest: { removed: ['A'] },
    },
  ],
};

describe.each(Object.entries(TABLES))('%s', (_, cases) => {
  it.each(cases.map((one) => [one.of, one] as const))('%s', async (_title, given) => {
    const { problems, manifest } = await check(given.files);
    const places = problems.map(
      ({ code, where }) => `${code} ${where?.file}:${where?.line}:${where?.column}`,
    );
    expect(places).toEqual(given.problems ?? []);
    if (given.role !== undefined) {
      const found = manifest?.manifest.roles.find(({ name }) => name === 'A');
      expect(shortForm(found)).toEqual(given.role);
    }
    if (given.rest) expect(manifest?.manifest).toMatchObject(given.rest);
  });
});
