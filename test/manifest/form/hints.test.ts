import { describe, expect, it } from '@jest/globals';
import { parseCatalogue } from '../../../src/manifest/catalogue-file.js';
import { validateManifest } from '../../../src/manifest/load/load.js';
import { readMembersText } from '../../../src/manifest/members/members-file.js';
import { isAddress } from '../../../src/model/address.js';
import { checkText, folderOf, HEAD } from '../support.js';

/** The first problem of a manifest. */
function first(body: string): { message: string; hint: string | undefined } {
  const [problem] = checkText(HEAD + body).problems;
  return { message: problem?.message ?? '', hint: problem?.hint };
}

const drift = (until: string): string =>
  `removed: [X]\npolicy: { acceptedDrift: [{ what: allowlist, reason: r, until: ${until} }] }`;

describe('a hint', () => {
  it.each([
    ['an octal name', 'removed: [010]', 'put it in quotes: "010"'],
    ['an exponent', 'removed: [1e3]', 'put it in quotes: "1e3"'],
    ['a hexadecimal name', 'defaultRole: 0x1F', 'put it in quotes: "0x1F"'],
    ['a truth value', 'defaultRole: True', 'put it in quotes: "True"'],
    ['a name that is null', 'removed: [~]', 'put it in quotes: "~"'],
    ['a person that is null', 'roles: { A: { members: [~] } }', 'give it a value, or remove the item'],
    ['an item without a value', 'removed:\n  -\n', 'give it a value, or remove the item'],
    ['a key without a value', 'roles: { A: { owner: } }', 'give it a value, or leave the key out'],
    ['a number as a description', 'roles: { A: { description: 1.50 } }', 'put it in quotes: "1.50"'],
    [
      'a number as a person',
      'roles: { A: { members: [1345408759] } }',
      'for a user id write "id: 1345408759"',
    ],
    ['an ambiguous number as a person', 'roles: { A: { members: [010] } }', undefined],
    ['an id in quotes', 'roles: { A: { id: "12" } }', 'write it without quotes'],
    ['an id with a zero in quotes', 'roles: { A: { id: "012" } }', undefined],
    ['an id that is too large', 'roles: { A: { id: "99999999999999999999" } }', undefined],
    [
      'an id with a zero',
      'roles: { A: { id: 010 } }',
      'write it in plain digits, without a leading zero, a sign or an exponent',
    ],
    [
      'a limit with an exponent',
      'removed: [X]\npolicy: { maxMoves: 1e3 }',
      'write it in plain digits, without a leading zero, a sign or an exponent',
    ],
    ['a limit in quotes', 'removed: [X]\npolicy: { maxMoves: "5" }', 'write it without quotes'],
    ['a share with a space', 'removed: [X]\npolicy: { maxMoves: 30 % }', 'write "30%"'],
    ['a share above 100 %', 'removed: [X]\npolicy: { maxMoves: 300% }', undefined],
    ['a share of administrators', 'removed: [X]\npolicy: { minAdmins: 30% }', undefined],
    ['an abbreviated date', drift('2027-1-5'), 'write 2027-01-05'],
    ['a date that does not exist', drift('2027-2-30'), undefined],
    ['a time without a zone', drift('2027-01-31T18:00:00'), 'add the zone: 2027-01-31T18:00:00Z for UTC'],
    ['a time without seconds', drift('2027-01-31T18:00Z'), undefined],
    ['an ambiguous date', drift('01.02.2027'), undefined],
    ['a day as a number', drift('20270131'), undefined],
    ['a number as a grant', 'roles: { A: { grants: [123] } }', undefined],
    ['a title', 'roles: { A: { grants: [Edit Cards] } }', 'this is a title; write content.card.edit'],
    [
      'a title in capitals',
      'roles: { A: { grants: [EDIT  CARDS] } }',
      'this is a title; write content.card.edit',
    ],
    [
      'a possible title',
      'roles: { A: { grants: { add: [No Such Thing] } } }',
      'write the id of the grant, not its title',
    ],
    ['a person alone', 'roles: { A: { members: ana@acme.com } }', 'write it as a list: [ana@acme.com]'],
    [
      'a grant alone',
      'roles: { A: { grants: content.card.edit } }',
      'write it as a list: [content.card.edit]',
    ],
    ['a removed role alone', 'removed: Old Role', 'write it as a list: ["Old Role"]'],
    ['text that is not an address', 'roles: { A: { members: [ana] } }', undefined],
  ])('for %s is correct', (_, body, hint) => {
    expect(first(body).hint).toBe(hint);
  });

  it.each([
    ['grantSets: { b: x }', 'grant set "b" must be a list of grants'],
    ['grantSets: { b: [x, 1] }', 'item 2 (1) in grant set "b" must be a grant, such as dataset.export'],
    [
      'roles: { b: { grants: [1] } }',
      'item 1 (1) in "grants" of role "b" must be a grant, such as dataset.export',
    ],
  ])('of %s follows a message that names what contains the value', (body, message) => {
    expect(first(body).message).toBe(message);
  });

  it.each(['010', '1e3', '0x1F', 'True', '1.50'])('quotes %s as written, as its message does', (source) => {
    expect(first(`removed: [${source}]`).message).toContain(`(${source})`);
  });
});

const LEFTOVERS: [string, string | null][] = [
  ['"ana@acme.com"', 'write ana@acme.com'],
  ["'ana@acme.com'", 'write ana@acme.com'],
  ['“ana@acme.com”', 'write ana@acme.com'],
  ['ana@acme.com,', 'write ana@acme.com'],
  ['ana@acme.com;', 'write ana@acme.com'],
  ['ana@acme.com|', 'write ana@acme.com'],
  ['ana@acme.com.', 'write ana@acme.com'],
  ['mailto:ana@acme.com', 'write ana@acme.com'],
  ['MAILTO:Ana@Acme.com?subject=x', 'write ana@acme.com'],
  ['<ana@acme.com>', 'write ana@acme.com'],
  ['Ana Ng <ana@acme.com>', 'write ana@acme.com'],
  ['"Ng, Ana" <ana@acme.com>,', 'write ana@acme.com'],
  ['ana@acme.com;bo@acme.com', 'write one entry for each address: ana@acme.com, bo@acme.com'],
  ['ana@acme.com,Ana,Sales', 'write ana@acme.com'],
  ["o'brien@acme.com,", "write o'brien@acme.com"],
  ['postgres://user:secret@db.acme.com/main', null],
  ['ana', null],
];

describe('text around an address, as tables and mail programs add it', () => {
  it.each(LEFTOVERS)('%s is not an address', (text, hint) => {
    expect(isAddress(text)).toBe(false);
    expect(first(`roles: { A: { members: [${JSON.stringify(text)}] } }`).hint).toBe(hint ?? undefined);
    const [line] = readMembersText(`${text}\n`, 'm.txt').problems;
    expect(line).toMatchObject({ code: 'members-file', where: { line: 1, column: 1 } });
    expect(line?.hint).toBe(
      hint ?? 'one e-mail address per line, or "id:" and a user id; # starts a comment',
    );
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  it.each(["o'brien@acme.com", 'a+b@acme.com', 'ana@acme', 'josé@acme.com', 'a=b/c@x-y.z'])(
    '%s is an address',
    (text) => {
      expect(isAddress(text)).toBe(true);
      expect(checkText(`${HEAD}roles: { A: { members: [${text}] } }`).problems).toEqual([]);
    },
  );
});

describe('an unknown grant', () => {
  const entry = (grant: string, title: string, adminLevel: boolean): object => ({ grant, title, adminLevel });
  const CATALOGUE = parseCatalogue(
    JSON.stringify([
      entry('user.edit', 'Manage all users', true),
      entry('content.card.edit', 'Edit Cards', false),
      entry('buzz.talk', 'Chat', false),
    ]),
    'c.json',
  );

  it.each([
    ['content.card.edt', 'did you mean "content.card.edit"?'],
    ['user.edt', 'check the spelling, or list it under optional if only some instances have it'],
    ['chat', 'this is a title; write buzz.talk'],
    ['nothing', 'check the spelling, or list it under optional if only some instances have it'],
  ])('that is %s gets the intended suggestion, never an admin-level grant', async (grant, hint) => {
    const cwd = await folderOf({ 'domo-roles.yaml': `${HEAD}roles: { A: { grants: [${grant}] } }` });
    const { problems } = await validateManifest([], { cwd, catalogue: CATALOGUE });
    expect(problems.map((one) => [one.code, one.hint])).toEqual([['unknown-grant', hint]]);
  });
});

describe('a missing dependency', () => {
  it.each([
    ['content.card.edit', 'add "content.view"'],
    ['user.invite', '"user.edit" is an admin-level grant; remove "user.invite" unless both are intended'],
  ])('on %s is proposed unless it is an admin-level grant', async (grant, hint) => {
    const entries = [
      { grant: 'content.card.edit', dependsOn: ['content.view'] },
      { grant: 'content.view' },
      { grant: 'user.edit', adminLevel: true },
      { grant: 'user.invite', dependsOn: ['user.edit'] },
    ];
    const catalogue = parseCatalogue(JSON.stringify(entries), 'c.json');
    const cwd = await folderOf({ 'domo-roles.yaml': `${HEAD}roles: { A: { grants: [${grant}] } }` });
    const { problems } = await validateManifest([], { cwd, catalogue });
    expect(problems.map((one) => [one.code, one.hint])).toEqual([['missing-dependency', hint]]);
  });
});
