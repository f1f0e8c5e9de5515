// Draws the structure of the source from its imports: the stages and their arrows as a Mermaid graph, and the contents of each
// stage as a table. `node scripts/structure.mjs [FOLDER]`, where FOLDER is `src` unless given.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import ts from 'typescript';

const root = process.argv[2] ?? 'src';
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.includes('generated'));
const stageOf = (file) => (file.includes('/') ? file.split('/')[0] : 'root');
const imports = new Map(files.map((file) => [file, importsOf(file)]));
const stages = [...new Set(files.map(stageOf))].sort();

process.stdout.write(`${graph()}\n\n${table()}\n`);

function importsOf(file) {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/from '(\.[^']+)\.js'/gu)]
    .map(([, path]) => relative('.', normalize(join(dirname(file), `${path}.ts`))).replaceAll('\\', '/'))
    .filter((path) => files.includes(path));
}

/** Arrows between stages; one that follows from two others is left out. */
function graph() {
  const arrows = new Map(stages.map((stage) => [stage, new Set()]));
  for (const [file, found] of imports)
    for (const to of found) if (stageOf(to) !== stageOf(file)) arrows.get(stageOf(file)).add(stageOf(to));
  const reach = (from, seen = new Set()) => {
    for (const next of arrows.get(from) ?? []) if (!seen.has(next)) reach(next, seen.add(next));
    return seen;
  };
  const lines = [...arrows].flatMap(([from, to]) =>
    [...to]
      .filter(
        (one) => ![...to].some((other) => other !== one && reach(other).has(one) && !reach(one).has(other)),
      )
      .sort()
      .map((one) => `  ${from} --> ${one}`),
  );
  return ['```mermaid', 'graph TD', ...lines, '```'].join('\n');
}

function table() {
  const rows = stages.map((stage) => {
    const own = files.filter((file) => stageOf(file) === stage);
    const within = own.flatMap((file) => imports.get(file).filter((to) => stageOf(to) === stage));
    const sizes = own.map((file) => readFileSync(join(root, file), 'utf8').split('\n').length);
    const folders = new Set(own.map(dirname)).size;
    const longest = Math.max(...own.map(longestFunction));
    return `| \`${stage}\` | ${own.length} | ${folders} | ${within.length} | ${Math.max(...sizes)} | ${longest} |`;
  });
  return [
    '| stage | files | folders | imports within | longest file | longest function |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

/** Lines of the longest function of a file. */
function longestFunction(file) {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  let longest = 0;
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body) {
      const line = (at) => source.getLineAndCharacterOfPosition(at).line;
      longest = Math.max(longest, line(node.end) - line(node.getStart(source)) + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return longest;
}
