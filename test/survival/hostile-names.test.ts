import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import type { SandboxState } from '../../src/sandbox/index.js';
import { openStage, targetOf } from '../support/cli.js';
import type { Stage } from '../support/cli.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { runWithin } from '../support/in-process.js';
import { stride } from '../support/law.js';
import { account, smallInstance } from '../support/survival.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Analyst: { description: New words, members: { mode: additive, users: [eva@acme.com] } }
policy: { unmanagedRoles: delete, removedMembersTo: Participant, maxDeletes: 100, maxMoves: 100, maxGrantChanges: 500 }
`;

const FORMATS = ['text', 'json', 'markdown', 'html', 'junit', 'sarif', 'github'] as const;
type Outputs = Record<(typeof FORMATS)[number], string>;

/** An instance with this text as a role name, a description, a person's name and part of an address. */
function called(text: string): SandboxState {
  const state = smallInstance();
  const [role] = state.roles.filter(({ id }) => id > 5);
  if (!role) throw new Error('no role');
  return {
    ...state,
    roles: [...state.roles, { ...role, id: 200_000_050, name: text, description: text }],
    users: [
      ...state.users,
      { ...account(1_345_000_050, 'x', 200_000_050), displayName: text, email: `${text}@acme.com` },
    ],
  };
}

let stage: Stage | null = null;
afterEach(() => stage?.close());

/** The plan of that instance in every format, and the output of the other commands. */
async function outputsOf(text: string, turn = 0): Promise<{ outputs: Outputs; printed: string[] }> {
  stage = await openStage({ state: called(text) });
  await stage.write('domo-roles.yaml', MANIFEST);
  const world = { ...stage.within, env: targetOf(stage) };
  const reports = FORMATS.flatMap((format) => ['--report', `${format}=out.${format}`]);
  const ended = await runWithin(['plan', ...reports], world);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  const read = async (format: string): Promise<[string, string]> => [
    format,
    await readFile(join(world.cwd, `out.${format}`), 'utf8'),
  ];
  const outputs = Object.fromEntries(await Promise.all(FORMATS.map(read))) as Outputs;
  const others = [['get', 'roles'], ['get', 'members', 'Analyst'], ['runs'], ['apply', '--yes'], ['plan']];
  const printed: string[] = [ended.stdout];
  // To save time, each text runs through a third of the commands and each command sees a third of the texts.
  for (const argv of others.filter((_, index) => (index + turn) % stride(3) === 0)) {
    const one = await runWithin(argv, world);
    expect([argv, one.code]).toEqual([argv, 0]);
    printed.push(one.stdout, one.stderr);
  }
  return { outputs, printed };
}

/** How often each tag occurs in a page. */
function tags(html: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, name = ''] of html.matchAll(/<\/?([a-z][a-z0-9-]*)/giu))
    counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The structure of each output without its text. */
function shapes(outputs: Outputs): unknown {
  const markdown = micromark(outputs.markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const sarif = JSON.parse(outputs.sarif) as { runs: { results: { level: string }[] }[] };
  const json = JSON.parse(outputs.json) as { changes: unknown[]; refusals: unknown[]; warnings: unknown[] };
  return {
    json: [json.changes.length, json.refusals.length, json.warnings.length],
    // A name that needs escaping is rendered as code.
    markdown: { ...tags(markdown), code: null },
    html: tags(outputs.html.replace(/(<script[^>]*>)[\s\S]*?(<\/script>)/giu, '$1$2')),
    junit: tags(outputs.junit),
    sarif: sarif.runs.map(({ results }) => results.map(({ level }) => level)),
    github: outputs.github.split('\n').map((line) => /^(?:::\w+|$)/u.exec(line)?.[0] ?? 'words'),
    // A long line wraps into an indented one.
    text: outputs.text.split('\n').filter((line) => /^\S/u.test(line)).length,
  };
}

const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('a hostile name of a role or a person', () => {
  let plain: unknown;
  beforeAll(async () => {
    plain = shapes((await outputsOf('Plain')).outputs);
    await stage?.close();
  });

  // To save time, only every second text.
  const texts = HOSTILE_TEXTS.filter(([what]) => what !== 'is blank').filter(
    (_text, index) => index % stride(1) === 0,
  );
  it.each(texts.map(([what, text], turn) => [what, text, turn] as const))(
    'that %s does not change the structure of any output',
    async (_, text, turn) => {
      const { outputs, printed } = await outputsOf(text, turn);
      expect(shapes(outputs)).toEqual(plain);
      for (const one of [
        outputs.text,
        outputs.markdown,
        outputs.github,
        outputs.junit,
        outputs.html,
        ...printed,
      ]) {
        expect(one).not.toMatch(UNSEEN);
      }
      expect(outputs.json).not.toMatch(/(?!\n)\p{Cc}/u);
    },
  );
});
