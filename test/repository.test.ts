import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

/** Files for contributors outside the code: package description, editors, forms, updates. */
const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Package {
  engines: { node: string };
  homepage: string;
  repository: { url: string };
  bugs: { url: string };
  scripts: Record<string, string>;
}
const pkg = JSON.parse(read('package.json')) as Package;

describe('package.json', () => {
  it('links the home page, the repository and the issues of one project', () => {
    const home = 'https://github.com/domo-roles/domo-roles';
    expect(pkg.homepage).toBe(`${home}#readme`);
    expect(pkg.repository.url).toBe(`git+${home}.git`);
    expect(pkg.bugs.url).toBe(`${home}/issues`);
  });

  it('requires the version of Node in .nvmrc', () => {
    expect(`>=${read('.nvmrc').trim().replace(/\.0$/u, '')}`).toBe(pkg.engines.node);
  });

  it('has every script that CONTRIBUTING.md names', () => {
    const named = [...read('CONTRIBUTING.md').matchAll(/npm run ([\w:-]+)/gu)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !Object.hasOwn(pkg.scripts, name))).toEqual([]);
  });
});

describe('the editor', () => {
  interface Launch {
    configurations: { name: string; program: string; preLaunchTask?: string }[];
  }
  const local = (path: string): string => read(path.replace('${workspaceFolder}/', ''));

  it('debugs a test and the command, from existing files', () => {
    const { configurations } = JSON.parse(read('.vscode/launch.json')) as Launch;
    expect(configurations.map(({ name }) => name)).toEqual(['Debug the open test file', 'Debug the command']);
    for (const { program } of configurations) expect(local(program)).not.toBe('');
    const { tasks } = JSON.parse(read('.vscode/tasks.json')) as {
      tasks: { label: string; script: string }[];
    };
    const asked = configurations.flatMap(({ preLaunchTask }) => preLaunchTask ?? []);
    expect(tasks.map(({ label }) => label)).toEqual(asked);
    expect(tasks.filter(({ script }) => !Object.hasOwn(pkg.scripts, script))).toEqual([]);
  });
});

describe('issue forms', () => {
  interface Form {
    name?: string;
    description?: string;
    body?: { type: string; id?: string; attributes: { label?: string; value?: string } }[];
  }
  const forms = readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE')).filter((file) => file !== 'config.yml');

  it.each(forms)('%s has a name, a description, and fields with labels and unique ids', (file) => {
    const { name, description, body = [] } = parse(read(`.github/ISSUE_TEMPLATE/${file}`)) as Form;
    expect([name, description]).toEqual([expect.any(String), expect.any(String)]);
    const fields = body.filter(({ type }) => type !== 'markdown');
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter(({ attributes }) => attributes.label === undefined)).toEqual([]);
    const ids = fields.map(({ id }) => id);
    expect([ids.includes(undefined), new Set(ids).size]).toEqual([false, ids.length]);
    const known = new Set(['markdown', 'textarea', 'input', 'dropdown', 'checkboxes']);
    expect(body.filter(({ type }) => !known.has(type))).toEqual([]);
  });

  it('direct vulnerabilities to a private report', () => {
    const { contact_links: links } = parse(read('.github/ISSUE_TEMPLATE/config.yml')) as {
      contact_links: { url: string }[];
    };
    expect(links.map(({ url }) => url)).toEqual([expect.stringMatching(/\/security\/advisories\/new$/u)]);
  });
});

describe('updates', () => {
  it('cover every ecosystem that the project depends on', () => {
    const { updates } = parse(read('.github/dependabot.yml')) as {
      updates: { 'package-ecosystem': string; directory: string }[];
    };
    expect(updates.map((update) => `${update['package-ecosystem']} ${update.directory}`).sort()).toEqual([
      'docker /',
      'github-actions /',
      'npm /',
      'npm /examples/queue',
    ]);
  });
});

describe('names of test files', () => {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => ({ file, text: read(`test/${file}`) }));
  /** Ways to start a process, including the built command and `mount`. To compile the program, or to build it, takes as long. */
  const STARTS =
    /(?:from |import\()'(?:execa|node:child_process)'|openProcessStage|\bstart(?:In)?\(stage|\.step\(|\.spawn(?:With)?\(|publicTypesOf\(|(?:language-server|python|small-disk)\.js'|'dist\/bin\//u;
  const BROWSER = /openBrowser|openPageBench/u;
  const isOwn = ({ file }: { file: string }): boolean => file === 'repository.test.ts';

  it('mark exactly the tests that start a process, which test:unit leaves out', () => {
    const wrong = files
      .filter((one) => !isOwn(one) && !one.file.endsWith('.engines.test.ts'))
      .filter(({ file, text }) => STARTS.test(text) !== file.endsWith('.process.test.ts'))
      .map(({ file }) => file);
    expect(wrong).toEqual([]);
  });

  it('mark the tests that open a browser', () => {
    const wrong = files
      .filter((one) => !isOwn(one) && !one.file.endsWith('.engines.test.ts'))
      .filter(({ file, text }) => BROWSER.test(text) !== file.endsWith('.browser.test.ts'))
      .map(({ file }) => file);
    expect(wrong).toEqual([]);
  });
});
