import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { checkManifestSchema } from '../../src/schema/check-manifest.js';
import { SCHEMA_NAMES, schemaText } from '../../src/schema/index.js';
import { keysAt, EXPECTED } from '../../src/manifest/form/expected-values.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const GENERATED = join(ROOT, 'src/schema/generated');

function compiled(): string {
  const folder = mkdtempSync(join(tmpdir(), 'domo-roles-schemas-'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/build-schemas.mjs'), folder]);
  return folder;
}

interface SchemaNode {
  $ref?: string;
  title?: string;
  description?: string;
  properties?: Record<string, SchemaNode | boolean>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  $defs?: Record<string, SchemaNode>;
  examples?: unknown[];
}

const MANIFEST = JSON.parse(schemaText('manifest')) as SchemaNode;

/** Every place of the manifest schema in the form `/roles/*` and `/removed/#`, with its schema. */
function placesOf(
  node: SchemaNode,
  form: string,
  found: Map<string, SchemaNode[]>,
): Map<string, SchemaNode[]> {
  found.set(form, [...(found.get(form) ?? []), node]);
  if (node.$ref) {
    const target = MANIFEST.$defs?.[node.$ref.replace('#/$defs/', '')];
    if (target) placesOf(target, form, found);
  }
  for (const branch of node.anyOf ?? []) placesOf(branch, form, found);
  for (const [key, inner] of Object.entries(node.properties ?? {})) {
    if (typeof inner === 'object') placesOf(inner, `${form}/${key}`, found);
  }
  if (typeof node.additionalProperties === 'object') placesOf(node.additionalProperties, `${form}/*`, found);
  if (node.items) placesOf(node.items, `${form}/#`, found);
  return found;
}

describe('the schemas', () => {
  it('are one per file, under the name before its first dot', () => {
    const files = readdirSync(join(ROOT, 'schemas')).filter((name) => name.endsWith('.schema.json'));
    expect(SCHEMA_NAMES).toEqual(files.map((name) => name.split('.')[0]).sort());
  });

  it.each(SCHEMA_NAMES.map((name) => [name]))(
    'have a versioned address and the text of their file: %s',
    (name) => {
      const schema = JSON.parse(schemaText(name)) as { $id: string; $schema: string };
      expect(schema.$id).toBe(`https://domo-roles.dev/schemas/${name}.v1.schema.json`);
      expect(schema).toEqual(JSON.parse(readFileSync(join(ROOT, `schemas/${name}.v1.schema.json`), 'utf8')));
    },
  );

  it('match their files as compiled', () => {
    const folder = compiled();
    for (const file of readdirSync(folder)) {
      const isSame = readFileSync(join(folder, file), 'utf8') === readFileSync(join(GENERATED, file), 'utf8');
      expect([file, isSame]).toEqual([file, true]);
    }
  });

  it('are compiled to modules without dependencies', () => {
    const folder = compiled();
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const others = ['texts.js', 'names.js'];
    const checked = readdirSync(folder).filter((file) => file.endsWith('.js') && !others.includes(file));
    const script = `for (const file of ${JSON.stringify(checked)}) {
      const { check } = await import('./' + file);
      console.log(check(5).map(({ keyword }) => keyword).join());
    }`;
    const options = { cwd: folder, encoding: 'utf8' as const };
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], options);
    expect(output.trim().split('\n')).toEqual(
      ['drift', 'fleet', 'instance-roles', 'inventory', 'manifest', 'plan', 'policy'].map(() =>
        expect.stringMatching(/^(type|oneOf|anyOf|if)/u),
      ),
    );
  });
});

describe('the manifest schema', () => {
  const places = placesOf(MANIFEST, '', new Map());

  it('describes every key for editors', () => {
    const bare = [...places]
      .filter(([, nodes]) => !nodes.some((node) => node.title !== undefined))
      .map(([form]) => form);
    // Lists and maps whose elements have titles.
    expect(bare.filter((form) => !/[#*]$/u.test(form))).toEqual([]);
  });

  it('describes the same places as the problem messages', () => {
    expect([...places.keys()].sort()).toEqual(Object.keys(EXPECTED).sort());
    expect(keysAt('/roles/*')).toEqual([
      'description',
      'owner',
      'basedOn',
      'renamedFrom',
      'id',
      'grants',
      'members',
    ]);
  });

  it('has valid examples', () => {
    const examples = [...places].flatMap(([form, nodes]) => {
      const [key = '', ...rest] = form.split('/').slice(1);
      return rest.length > 0
        ? []
        : nodes.flatMap((node) => (node.examples ?? []).map((value) => ({ [key]: value })));
    });
    expect(examples.length).toBeGreaterThan(5);
    for (const example of examples)
      expect(checkManifestSchema({ apiVersion: 'domo-roles/v1', kind: 'Roles', ...example })).toEqual([]);
  });
});

describe('schema issues', () => {
  const issuesOf = (yaml: string) =>
    checkManifestSchema(parse(`apiVersion: domo-roles/v1\nkind: Roles\n${yaml}`)).map(({ path, keyword }) => [
      path,
      keyword,
    ]);

  it.each([
    [
      'of a choice are those of the intended branch',
      'roles: {A: {grants: {from: x}}}',
      [['/roles/A/grants/from', 'type']],
    ],
    [
      'of a choice are about the choice when no branch was intended',
      'roles: {A: {grants: 5}}',
      [['/roles/A/grants', 'anyOf']],
    ],
    [
      'of a list in a choice are about the list',
      'roles: {A: {grants: []}}',
      [['/roles/A/grants', 'minItems']],
    ],
    [
      'are reported separately',
      'instance: 5\nroles: {A: {id: x, foo: 1}}',
      [
        ['/instance', 'type'],
        ['/roles/A', 'additionalProperties'],
        ['/roles/A/id', 'type'],
      ],
    ],
    [
      'name keys that are wrong',
      'roles: {"": {}}',
      [
        ['/roles', 'pattern'],
        ['/roles', 'minLength'],
      ],
    ],
  ])('%s', (_, yaml, issues) => {
    expect(issuesOf(yaml)).toEqual(issues);
  });

  it('treat prototype keys like any other', () => {
    expect(
      checkManifestSchema(
        JSON.parse('{"apiVersion":"domo-roles/v1","kind":"Roles","__proto__":1,"constructor":2}'),
      ),
    ).toMatchObject([
      { keyword: 'additionalProperties', params: { additionalProperty: '__proto__' } },
      { keyword: 'additionalProperties', params: { additionalProperty: 'constructor' } },
    ]);
    // Inherited keys do not count as present.
    const inherits = Object.create({ apiVersion: 'domo-roles/v1', kind: 'Roles' }) as object;
    expect(checkManifestSchema(inherits).map(({ keyword }) => keyword)).toEqual(['required', 'required']);
  });

  it('contain a pointer with escaped characters', () => {
    expect(issuesOf('roles: {"a/b~c": 5}')).toEqual([['/roles/a~1b~0c', 'anyOf']]);
  });
});
