import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkDraft } from '../../src/manifest/rules/check.js';
import { withoutExtensions } from '../../src/manifest/form/extension-keys.js';
import type { Parsed } from '../../src/manifest/yaml/parse-tree.js';
import { parseYaml } from '../../src/manifest/yaml/parse-yaml.js';
import { readPlainYaml } from '../../src/manifest/yaml/plain-yaml.js';
import { readDraft } from '../../src/manifest/draft/read-draft.js';
import { plainOf } from '../../src/manifest/yaml/yaml-values.js';
import { checkManifestForm } from '../../src/manifest/form/check-form.js';
import type { ManifestDraft } from '../../src/manifest/draft/draft.js';
import type { Problem } from '../../src/problem/problem.js';
import { inFileOrder } from '../../src/model/in-file-order.js';

/** The lines that every manifest starts with. */
export const HEAD = 'apiVersion: domo-roles/v1\nkind: Roles\n';

/** The result of `readYaml` for a text, synchronously. */
export function parseText(text: string, file = 'm.yaml'): Parsed {
  const root = readPlainYaml(text, file);
  return root ? { root, problems: [] } : parseYaml(text, file);
}

/** Checks one text without reading any file. */
export function checkText(text: string): { problems: Problem[]; draft: ManifestDraft | null } {
  const parsed = parseText(text);
  const shape = parsed.root ? checkManifestForm(parsed.root) : [];
  if (parsed.root?.kind !== 'map') return { problems: [...parsed.problems, ...shape], draft: null };
  const whole = shape.length + parsed.problems.length === 0;
  const draft = readDraft(withoutExtensions(parsed.root), { whole });
  return { problems: inFileOrder([...parsed.problems, ...shape, ...checkDraft(draft)], ['m.yaml']), draft };
}

/** The plain value of a text, or its problems. */
export function parsed(text: string): unknown {
  const { root, problems } = parseText(text);
  return problems.length > 0 || !root ? problems : plainOf(root);
}

/** A place that a test marks with ⟦ and ⟧. */
export interface Mark {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** Removes the marks from a text, and returns their places in order. */
export function unmark(marked: string): { text: string; marks: Mark[] } {
  const marks: Mark[] = [];
  const open: Pick<Mark, 'line' | 'column'>[] = [];
  let text = '';
  let line = 1;
  let column = 1;
  for (const character of marked) {
    if (character === '⟦') open.push({ line, column });
    else if (character === '⟧')
      marks.push({ ...(open.pop() ?? { line: 0, column: 0 }), endLine: line, endColumn: column });
    else {
      text += character;
      column = character === '\n' ? 1 : column + character.length;
      if (character === '\n') line += 1;
    }
  }
  return { text, marks };
}

/** The parts of a problem that tests compare. */
export function codeAndMark({ code, where }: Problem): [string, Mark] {
  const { line = 0, column = 0, endLine = 0, endColumn = 0 } = where ?? {};
  return [code, { line, column, endLine, endColumn }];
}

/** Makes a folder with these files in it, outside of any repository. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'domo-roles-manifest-')));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return folder;
}
