import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { VERSION } from '../src/version.js';

const ROOT = join(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/**
 * Who may import whom. Folder names are the stages of the flow:
 *
 *   manifest ─> desired ─> diff ─> plan ─> apply ─> journal
 *   routes ─> live ─> snapshot (model) ─┘
 *
 * `render` only formats; `cli` and `action` (the command as a step on GitHub) are entry points; `sandbox` shares no
 * code with the rest.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  problem: [],
  sandbox: [],
  version: [],
  model: ['problem'],
  schema: ['problem'],
  http: ['problem'],
  routes: ['http', 'model', 'problem'],
  manifest: ['schema', 'model', 'problem'],
  inventory: ['manifest', 'schema', 'model', 'problem'],
  fleet: ['plan', 'drift', 'model', 'problem'],
  diff: ['model'],
  desired: ['manifest', 'diff', 'model', 'problem'],
  plan: ['desired', 'manifest', 'diff', 'model', 'problem'],
  live: ['routes', 'http', 'model', 'problem'],
  journal: ['plan', 'model', 'problem'],
  apply: ['journal', 'live', 'routes', 'http', 'plan', 'model', 'problem'],
  drift: ['apply', 'live', 'routes', 'plan', 'desired', 'diff', 'manifest', 'model', 'problem'],
  access: ['plan', 'desired', 'diff', 'manifest', 'model', 'problem'],
  rehearse: ['apply', 'live', 'plan', 'routes', 'sandbox', 'model', 'problem'],
  rollback: ['apply', 'desired', 'journal', 'plan', 'live', 'model', 'problem'],
  doctor: ['live', 'routes', 'http', 'model', 'problem'],
  render: [
    'access',
    'apply',
    'doctor',
    'drift',
    'journal',
    'live',
    'plan',
    'rehearse',
    'fleet',
    'model',
    'problem',
  ],
  export: ['manifest', 'model', 'problem', 'render'],
  reconcile: [
    'access',
    'apply',
    'desired',
    'doctor',
    'drift',
    'export',
    'fleet',
    'inventory',
    'journal',
    'live',
    'manifest',
    'plan',
    'rehearse',
    'rollback',
    'routes',
    'sandbox',
    'schema',
    'version',
    'model',
    'problem',
  ],
  shell: [
    'reconcile',
    'fleet',
    'inventory',
    'apply',
    'manifest',
    'render',
    'drift',
    'live',
    'plan',
    'http',
    'journal',
    'model',
    'problem',
  ],
};

/** The stages that may import each package, so that an upgrade is a short review. */
const PACKAGE_USERS: Readonly<Record<string, readonly string[]>> = {
  axios: ['http'],
  'csv-stringify': ['render'],
  diff: ['render'],
  yargs: ['cli'],
  'fast-deep-equal': ['model', 'diff', 'desired', 'plan', 'rehearse', 'apply', 'rollback', 'access'],
  hono: ['sandbox'],
  '@hono/node-server': ['sandbox'],
  yaml: ['manifest', 'export', 'cli'],
  dotenv: ['shell'],
  'cli-progress': ['shell'],
  'p-retry': ['http'],
};

/**
 * The subfolders of stages, and the folders of the same stage that each may import from. Files directly in the folder of a
 * stage may import from all of them, unless the stage has an entry itself.
 */
const SUBFOLDERS: Readonly<Record<string, readonly string[]>> = {
  'plan/order': ['plan'],
  'plan/review': ['plan', 'plan/order'],
  'plan/guards': ['plan', 'plan/review'],
  'plan/rules': ['plan', 'plan/guards'],
  'plan/saved': ['plan', 'plan/guards', 'plan/review', 'plan/rules'],
  'apply/recheck': ['apply'],
  'render/format': ['render'],
  'render/facts': ['render', 'render/format'],
  'render/csv': ['render', 'render/format'],
  'render/text': ['render', 'render/format', 'render/facts'],
  'render/html': ['render', 'render/format', 'render/facts', 'render/html/generated'],
  'render/markdown': ['render', 'render/format', 'render/facts', 'render/text', 'render/html'],
  'render/ci': ['render', 'render/format', 'render/facts'],
  'manifest/yaml': [],
  manifest: ['manifest/yaml'],
  'manifest/files': ['manifest', 'manifest/yaml'],
  'manifest/git': ['manifest/files'],
  'manifest/form': ['manifest/yaml'],
  'manifest/layers': ['manifest/files', 'manifest/yaml'],
  'manifest/draft': ['manifest', 'manifest/yaml'],
  'manifest/members': ['manifest/draft', 'manifest/form', 'manifest/files', 'manifest', 'manifest/yaml'],
  'manifest/rules': ['manifest/members', 'manifest/draft', 'manifest/form', 'manifest', 'manifest/yaml'],
  'manifest/build': ['manifest/members', 'manifest/draft', 'manifest', 'manifest/yaml'],
  'manifest/policy': [
    'manifest/build',
    'manifest/rules',
    'manifest/draft',
    'manifest/form',
    'manifest/git',
    'manifest/files',
    'manifest/yaml',
  ],
  'manifest/load': [
    'manifest/policy',
    'manifest/build',
    'manifest/rules',
    'manifest/members',
    'manifest/draft',
    'manifest/layers',
    'manifest/form',
    'manifest/files',
    'manifest',
    'manifest/yaml',
  ],
  'desired/people': [],
  'desired/roles': ['desired'],
  'desired/grants': ['desired'],
  'desired/members': ['desired', 'desired/people'],
  'desired/accepted': ['desired', 'desired/people'],
  'doctor/probe': [],
  'export/fleet': ['export'],
  'render/fleet': ['render', 'render/format', 'render/text', 'render/markdown', 'render/csv', 'render/ci'],
  'render/fleet-page': ['render', 'render/format', 'render/facts', 'render/html', 'render/fleet'],
  'shell/fleet': ['shell'],
  'cli/commands': ['cli'],
  'cli/fleet': ['cli'],
  'cli/usage': ['cli'],
  'reconcile/fleet': ['reconcile'],
};

/** The maximum number of lines of a function. */
const LONGEST_FUNCTION = 60;

/** Functions that are still longer and must be split. */
const STILL_LONG: readonly string[] = [];

/** Files that still declare only one type. */
const STILL_FRAGMENTS: readonly string[] = [];

/** Stages whose modules have a test file each that imports them. */
const TESTED = ['model', 'diff', 'desired', 'plan', 'apply', 'drift', 'rollback', 'inventory'];

/** Side effects that a pure stage must not have. */
const PURE = ['model', 'diff', 'desired', 'plan', 'drift', 'render', 'problem', 'access', 'export', 'fleet'];
const EFFECTS =
  /from 'node:(?:fs|http|https|net|child_process|process|os|timers)|\bprocess\.|\bconsole\.|\bDate\.now\(|new Date\(\)|Math\.random\(/u;

/** Names of fields in Domo's responses that are not also names of the model. */
const WIRE_FIELDS = [
  ...['authorityCount', 'authorityUIGroup', 'dependsOnAuthorities', 'dependsOnFeature'],
  ...['emailAddress', 'displayName', 'isSystemUser', 'isPending', 'isActive'],
  ...['showCount', 'onlyDeleted', 'filterType'],
  ...['actorId', 'actorName', 'eventText', 'actionType', 'userName', 'totalCount', 'totalFilteredCount'],
];

/**
 * Files outside of `routes` that need these names: a fact of the probe has one in its title, `--catalogue` reads a
 * saved response, and a dry run writes the state of the sandbox, which has Domo's names.
 */
function readsWireFields(file: string): boolean {
  return (
    file === 'doctor/probe/facts.ts' ||
    file === 'manifest/catalogue-file.ts' ||
    file === 'rehearse/fill-sandbox.ts'
  );
}

interface Source {
  file: string;
  stage: string;
  text: string;
  imports: { target: string; stage: string }[];
  packages: string[];
}

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
  .map((file): Source => {
    const text = readFileSync(join(SRC, file), 'utf8');
    const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/gu)].map(
      (match) => match[1] as string,
    );
    return {
      file: file.replaceAll('\\', '/'),
      stage: stageOf(file),
      text,
      imports: found
        .filter((one) => one.startsWith('.'))
        .map((one) =>
          relative(SRC, normalize(join(SRC, dirname(file), one)))
            .replaceAll('\\', '/')
            .replace(/\.js$/u, '.ts'),
        )
        .map((target) => ({ target, stage: stageOf(target) })),
      packages: found
        .filter((one) => !one.startsWith('.') && !one.startsWith('node:'))
        .map((one) =>
          one
            .split('/')
            .slice(0, one.startsWith('@') ? 2 : 1)
            .join('/'),
        ),
    };
  });

function stageOf(file: string): string {
  return (file.split('/')[0] as string).replace(/\.ts$/u, '');
}

/** Functions with more lines than this, as `file: name`. */
function longFunctions({ file, text }: Source, most: number): string[] {
  if (!mayHoldLongFunction(text, most)) return [];
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number): number => parsed.getLineAndCharacterOfPosition(position).line;
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const lines = lineOf(node.end) - lineOf(node.getStart(parsed)) + 1;
      if (lines > most) found.push(`${file}: ${functionName(node)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/**
 * Is there a stretch of lines within one statement that a function of more than `most` lines would have at least? It
 * spares the parsing of most files. A template over several lines may hide such a stretch, so its file is parsed.
 */
function mayHoldLongFunction(text: string, most: number): boolean {
  const lines = text.split('\n');
  if (lines.some((line) => (line.match(/`/gu)?.length ?? 0) % 2 === 1)) return lines.length > most;
  let start = 0;
  return lines.some((line, index) => {
    if (!/^\S/u.test(line)) return false;
    const stretch = index - start;
    start = index;
    return stretch > most / 1.5;
  });
}

function functionName(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText();
  return ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent)
    ? node.parent.name.getText()
    : 'a function without a name';
}

/** Does a file declare one type or interface and nothing else? */
function holdsOneType(text: string): boolean {
  const { statements } = ts.createSourceFile('one.ts', text, ts.ScriptTarget.Latest, true);
  const declared = statements.filter(
    (statement) => !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement),
  );
  const [only] = declared;
  return (
    only !== undefined &&
    declared.length === 1 &&
    (ts.isInterfaceDeclaration(only) || ts.isTypeAliasDeclaration(only))
  );
}

/** Does a module have code that exists at run time, other than re-exports? */
function hasCode(text: string): boolean {
  const { statements } = ts.createSourceFile('one.ts', text, ts.ScriptTarget.Latest, true);
  return statements.some(
    (statement) =>
      !ts.isImportDeclaration(statement) &&
      !ts.isExportDeclaration(statement) &&
      !ts.isInterfaceDeclaration(statement) &&
      !ts.isTypeAliasDeclaration(statement) &&
      !(
        ts.isVariableStatement(statement) &&
        statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)
      ),
  );
}

/** The modules that tests import directly. */
function modulesUnderTest(): ReadonlySet<string> {
  const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(ROOT, 'test', file));
  return new Set(
    tests.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)\.js'/gu)].map((match) =>
        relative(SRC, `${normalize(join(dirname(file), match[1] as string))}.ts`).replaceAll('\\', '/'),
      ),
    ),
  );
}

const stages = [...new Set(sources.map((source) => source.stage))]
  .filter((stage) => !['cli', 'action', 'index', 'types', 'bin'].includes(stage))
  .sort();

/** The names that files import or re-export, including tests and scripts. */
function importedNames(): ReadonlySet<string> {
  const outside = ['test', 'scripts', 'bench'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|mjs)$/u.test(file))
      .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
  );
  const texts = [...sources.map(({ text }) => text), ...outside];
  const lists = texts.flatMap((text) =>
    [...text.matchAll(/\{([^{}]*)\}\s*(?:from|=\s*await import\()/gu)].flatMap(([, list = '']) =>
      list.split(','),
    ),
  );
  const members = texts.flatMap((text) =>
    [...text.matchAll(/\(await import\([^)]+\)\)\s*\.(\w+)/gu)].map(([, name = '']) => name),
  );
  const names = [...lists, ...members];
  return new Set(
    names.map((name) =>
      name
        .trim()
        .replace(/^type /u, '')
        .replace(/(?:\s+as\s|:).*$/u, ''),
    ),
  );
}

describe('the source', () => {
  it('was found', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it.each(stages)('imports from %s only what its stage may know', (stage) => {
    const allowed = new Set([stage, ...(MAY_IMPORT[stage] ?? [])]);
    const wrong = sources
      .filter((source) => source.stage === stage)
      .flatMap((source) =>
        source.imports
          .filter((one) => !allowed.has(one.stage))
          .map((one) => `${source.file} -> ${one.target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('has no import cycle between files, including type imports', () => {
    const graph = new Map(sources.map((source) => [source.file, source.imports.map((one) => one.target)]));
    const done = new Set<string>();
    const path: string[] = [];
    const circles: string[] = [];
    const walk = (file: string): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (done.has(file) || path.includes(file)) return;
      path.push(file);
      for (const next of graph.get(file) ?? []) walk(next);
      path.pop();
      done.add(file);
    };
    for (const file of graph.keys()) walk(file);
    expect(circles).toEqual([]);
  });

  it.each([
    ['stages', MAY_IMPORT],
    ['the subfolders of a stage', SUBFOLDERS],
  ])('has no cycle between %s', (_what, mayImport) => {
    const order = new Set<string>();
    const visit = (folder: string, above: readonly string[]): void => {
      expect(above).not.toContain(folder);
      if (order.has(folder)) return;
      for (const next of mayImport[folder] ?? []) visit(next, [...above, folder]);
      order.add(folder);
    };
    for (const folder of Object.keys(mayImport)) visit(folder, []);
  });

  it.each(Object.entries(PACKAGE_USERS))('imports the package %s only in its stages', (name, allowed) => {
    const users = [
      ...new Set(sources.filter((source) => source.packages.includes(name)).map((source) => source.stage)),
    ];
    expect(users.filter((stage) => !allowed.includes(stage))).toEqual([]);
  });

  it.each(PURE)('touches no file, network, clock, environment or console in %s', (stage) => {
    const wrong = sources
      .filter((source) => source.stage === stage && EFFECTS.test(source.text))
      .map((source) => source.file);
    expect(wrong).toEqual([]);
  });

  it('contains paths of the API only in routes and the sandbox', () => {
    const wrong = sources
      .filter((source) => !['routes', 'sandbox'].includes(source.stage) && /['"`]\/api\//u.test(source.text))
      .map((source) => source.file);
    expect(wrong).toEqual([]);
  });

  it('keeps every file below the maximum length', () => {
    const long = sources
      .map((source) => ({ file: source.file, lines: source.text.split('\n').length }))
      .filter(({ lines }) => lines > 260);
    expect(long).toEqual([]);
  });

  it('keeps every function below the maximum length', () => {
    const long = sources
      .flatMap((source) => longFunctions(source, LONGEST_FUNCTION))
      .filter((name) => !STILL_LONG.includes(name));
    expect(long).toEqual([]);
  });

  it('has no short file that only declares one type', () => {
    const fragments = sources
      .filter(({ text }) => text.split('\n').length <= 15 && holdsOneType(text))
      .map(({ file }) => file)
      .filter((file) => !STILL_FRAGMENTS.includes(file));
    expect(fragments).toEqual([]);
  });

  it.each(Object.entries(SUBFOLDERS))('imports from %s only the folders it builds on', (folder, allowed) => {
    const [stage] = folder.split('/');
    const wrong = sources
      .filter((source) => dirname(source.file) === folder)
      .flatMap((source) =>
        source.imports
          .filter((one) => one.stage === stage && !one.target.includes('/generated/'))
          .filter((one) => ![folder, ...allowed].includes(dirname(one.target)))
          .map((one) => `${source.file} -> ${one.target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('exports only what another file uses', () => {
    const imported = importedNames();
    const unread = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gmu)]
        .filter(([, name = '']) => !imported.has(name))
        .map(([, name]) => `${file}: ${name}`),
    );
    expect(unread).toEqual([]);
  });

  it('has a test for every module of the core, of apply, drift and rollback', () => {
    const tested = modulesUnderTest();
    const untested = sources
      .filter(({ file, stage, text }) => TESTED.includes(stage) && !tested.has(file) && hasCode(text))
      .map(({ file }) => file);
    expect(untested).toEqual([]);
  });

  it('has an entry for every subfolder of a stage', () => {
    const folders = new Set(
      sources.map(({ file }) => dirname(file)).filter((folder) => folder.includes('/')),
    );
    expect(Object.keys(SUBFOLDERS)).toEqual(expect.arrayContaining([...folders]));
  });

  it('mentions Domo in http only in the name of this program', () => {
    const wrong = sources
      .filter(({ stage, text }) => stage === 'http' && /domo/iu.test(text.replaceAll("'domo-roles'", '')))
      .map(({ file }) => file);
    expect(wrong).toEqual([]);
  });

  it('names the fields of responses only in routes and the sandbox', () => {
    const fields = new RegExp(`\\b(?:${WIRE_FIELDS.join('|')})\\b`, 'u');
    const wrong = sources
      .filter(({ stage, file }) => !['routes', 'sandbox'].includes(stage) && !readsWireFields(file))
      .filter(({ text }) => fields.test(text))
      .map(({ file }) => file);
    expect(wrong).toEqual([]);
  });

  it('names the object types of the audit log only in routes and the sandbox', () => {
    const wrong = sources
      .filter(({ stage }) => !['routes', 'sandbox'].includes(stage))
      .filter(({ text }) => /CUSTOMER_STATE|['"`](?:ROLE|AUTHORITY|USER)['"`]/u.test(text))
      .map(({ file }) => file);
    expect(wrong).toEqual([]);
  });

  it('cites only documents that are in the repository', () => {
    const texts = ['src', 'test', 'bench', 'scripts', 'docs'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(?:ts|mjs|js|css|py|md)$/u.test(file) && !file.includes('generated'))
        .map((file) => ({ file: join(folder, file), text: readFileSync(join(ROOT, folder, file), 'utf8') })),
    );
    // Split, so that the test does not find this line.
    const absent = new RegExp(
      ['design', ' section|facts', ' page|source: (?:the', ' Python|recorded)'].join(''),
      'iu',
    );
    expect(texts.filter(({ text }) => absent.test(text)).map(({ file }) => file)).toEqual([]);
    const cited = texts.flatMap(({ file, text }) =>
      file.endsWith('.md')
        ? []
        : [...text.matchAll(/\bdocs\/(?:decisions|explanation|reference|how-to)\/[\w-]+\.md/gu)].map(
            (m) => m[0],
          ),
    );
    expect(cited.length).toBeGreaterThan(10);
    expect([...new Set(cited)].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('writes no article before a flag in a message: a step names it "the input x"', () => {
    const wrong = sources.flatMap(({ file, text }) =>
      text
        .split('\n')
        .filter((line) => !/^\s*(?:\*|\/)/u.test(line) && /\b(?:an?|the|this|another) --[a-z]/u.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(wrong).toEqual([]);
  });

  it('silences neither the compiler nor the linter', () => {
    const wrong = sources
      .filter((source) => /@ts-(?:ignore|nocheck|expect-error)|eslint-disable|\bas any\b/u.test(source.text))
      .map((source) => source.file);
    expect(wrong).toEqual([]);
  });

  it('has the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(VERSION).toBe(version);
  });
});
