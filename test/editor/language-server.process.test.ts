import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openEditor } from '../support/language-server.js';
import type { Editor } from '../support/language-server.js';

const schemaOf = (name: string): string =>
  pathToFileURL(join(import.meta.dirname, `../../schemas/${name}.v1.schema.json`)).href;

/** The lines that every file starts with. */
const headOf = (schema: string, kind: string): string =>
  `# yaml-language-server: $schema=${schemaOf(schema)}\napiVersion: domo-roles/v1\nkind: ${kind}\n`;

const HEAD = headOf('manifest', 'Roles');
const FLEET = headOf('inventory', 'Fleet');

interface Diagnostics {
  uri: string;
  diagnostics: { message: string; range: { start: { line: number } } }[];
}

describe('a YAML language server with our schema', () => {
  let editor: Editor;
  let folder: string;
  let count = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'domo-roles-editor-'));
    editor = await openEditor({
      yaml: { validate: true, completion: true, hover: true, schemaStore: { enable: false } },
    });
  });
  afterAll(() => editor.close());

  function open(text: string): string {
    count += 1;
    const uri = pathToFileURL(join(folder, `manifest-${count}.yaml`)).href;
    editor.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    return uri;
  }

  async function reported(text: string): Promise<Diagnostics['diagnostics']> {
    const uri = open(text);
    const { diagnostics } = (await editor.notification(
      'textDocument/publishDiagnostics',
      (params) => (params as Diagnostics).uri === uri,
    )) as Diagnostics;
    return diagnostics;
  }

  it('reports nothing for a valid manifest', async () => {
    expect(await reported(`${HEAD}roles:\n  Analyst:\n    grants: [dataset.export]\n`)).toEqual([]);
  });

  it('reports an unknown key at its position', async () => {
    const found = await reported(`${HEAD}roles:\n  Analyst:\n    grant: [dataset.export]\n`);
    expect(found.map((one) => [one.range.start.line, one.message])).toEqual([
      [5, expect.stringContaining('grant')],
    ]);
  });

  it('reports nothing for a valid inventory, and reports a key that an overlay may not have', async () => {
    const inventory = (key: string): string =>
      `${FLEET}manifest: m.yaml\ninstances:\n  acme:\n    labels: { tier: test }\n    overlay: { ${key} }\n`;
    expect(await reported(inventory('policy: { minAdmins: 2 }'))).toEqual([]);
    const found = await reported(inventory('extends: base.yaml'));
    expect(found.map((one) => [one.range.start.line, one.message])).toEqual([
      [7, expect.stringContaining('extends')],
    ]);
  });

  it.each([
    [
      'in an inventory',
      `${FLEET}\n`,
      { line: 3, character: 0 },
      ['name', 'manifest', 'instances', 'instancesFrom', 'waves', 'policy'],
    ],
    [
      'in an instance',
      `${FLEET}instances:\n  acme:\n    \n`,
      { line: 5, character: 4 },
      ['labels', 'manifest', 'overlay', 'suspended'],
    ],
    [
      'in a wave',
      `${FLEET}waves:\n  - name: canary\n    \n`,
      { line: 5, character: 4 },
      ['where', 'mayFail', 'atOnce'],
    ],
    [
      'at the top',
      `${HEAD}\n`,
      { line: 3, character: 0 },
      ['roles', 'removed', 'policy', 'defaultRole', 'grantSets'],
    ],
    [
      'in a role',
      `${HEAD}roles:\n  Analyst:\n    \n`,
      { line: 5, character: 4 },
      ['description', 'grants', 'members', 'renamedFrom'],
    ],
    [
      'in the policy',
      `${HEAD}policy:\n  \n`,
      { line: 4, character: 2 },
      ['minAdmins', 'maxMoves', 'removedMembersTo'],
    ],
  ])('completes keys %s', async (_, text, position, wanted) => {
    const uri = open(text);
    const { items } = (await editor.request('textDocument/completion', {
      textDocument: { uri },
      position,
    })) as {
      items: { label: string; documentation?: unknown }[];
    };
    expect(items.map((item) => item.label)).toEqual(expect.arrayContaining(wanted));
  });

  it('describes the key at the cursor', async () => {
    const uri = open(`${HEAD}removed: [Old]\n`);
    const hover = (await editor.request('textDocument/hover', {
      textDocument: { uri },
      position: { line: 3, character: 2 },
    })) as { contents: { value: string } };
    expect(hover.contents.value.length).toBeGreaterThan(20);
  });
});
