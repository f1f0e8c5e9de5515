import { describe, expect, it } from '@jest/globals';
import { completionsOf, typedLine } from '../../src/cli/completions.js';
import { runWithin } from '../support/in-process.js';

const ASK = '--get-yargs-completions';

describe('the typed line', () => {
  it.each([
    ['a word', ['plan', 'ex'], ['plan', 'ex'], ''],
    ['a new word', ['plan', ''], ['plan', ''], ''],
    ['a flag and its value in one word', ['plan', '--format=js'], ['plan', '--format', 'js'], '--format='],
    ['a flag that ends with =', ['plan', '--format='], ['plan', '--format', ''], '--format='],
    ['a value that bash separates', ['plan', '--format', '=', 'js'], ['plan', '--format', 'js'], ''],
    ['an = that bash separates', ['plan', '--format', '='], ['plan', '--format', ''], ''],
    ['a value with =', ['fleet', '--where=a=b'], ['fleet', '--where', 'a=b'], '--where='],
    ['an = in a word that is no flag', ['plan', 'a=b'], ['plan', 'a=b'], ''],
    ['help for a command', ['domo-roles', 'help', 'fleet', 'p'], ['domo-roles', 'fleet', 'p'], ''],
    ['help within a command', ['domo-roles', 'fleet', 'help', ''], ['domo-roles', 'fleet', ''], ''],
    ['help that is being typed', ['domo-roles', 'help'], ['domo-roles', 'help'], ''],
    ['nothing', [], [], ''],
  ])('%s is read as the parser separates words', (_what, given, words, prefix) => {
    expect(typedLine([ASK, ...given])).toEqual({ words, prefix });
  });

  it.each([[[]], [['plan', 'ex']], [['plan', ASK]]])('%j asks for no completion', (given) => {
    expect(typedLine(given)).toBeNull();
  });
});

describe('the offered words', () => {
  const listed = ['plan', 'policy', '--format', '--from', '--y', '--y:for zsh', '--y\tfor fish'];
  it.each([
    ['p', '', ['plan', 'policy']],
    ['pl', '', ['plan']],
    ['', '', ['plan', 'policy']],
    ['-', '', ['--format', '--from']],
    ['--fo', '', ['--format']],
    ['x', '', []],
    ['pl', '--only=', ['--only=plan']],
  ])('for %j after %j are %j', (typed, prefix, offered) => {
    expect(completionsOf({ words: ['domo-roles', typed], prefix }, listed)).toEqual(offered);
  });
});

describe('completion of a command line', () => {
  it.each([
    [['pl'], ['plan']],
    [['fleet', 'pl'], ['plan']],
    [['plan', '--formats'], []],
    [
      ['plan', '--format', ''],
      ['text', 'json', 'markdown', 'html', 'junit', 'sarif', 'github'],
    ],
    [
      ['plan', '--format', 'j'],
      ['json', 'junit'],
    ],
    [
      ['plan', '--format=j'],
      ['--format=json', '--format=junit'],
    ],
    [
      ['plan', '--format', '=', 'j'],
      ['json', 'junit'],
    ],
    [
      ['drift', '--webhook-format', ''],
      ['json', 'chat'],
    ],
    [['plan', '--group-by', 'o'], ['owner']],
    [['fleet', 'plan', '--group-by=o'], ['--group-by=owner']],
    [['apply', '--y'], ['--yes']],
    [
      ['get', 'ro'],
      ['roles', 'role'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['schema', 'p'],
      ['plan', 'policy', 'probe'],
    ],
    [['help', 'sch'], ['schema']],
    [['help', 'fleet', 'pl'], ['plan']],
    [
      ['sandbox', 'help', 's'],
      ['serve', 'show'],
    ],
    // Where a file can follow, the shell offers files.
    [['plan', ''], []],
    [['plan', 'domo-'], []],
    [['plan', '--out', ''], []],
  ])('%j offers %j', async (words, offered) => {
    const { code, stdout, stderr } = await runWithin([ASK, 'domo-roles', ...words], {
      cwd: import.meta.dirname,
    });
    const lines = stdout.split('\n').filter((line) => line !== '');
    // A login shell that shows descriptions gets them.
    expect([code, lines.map((line) => line.split(/(?<!\\):|\t/u)[0]), stderr]).toEqual([0, offered, '']);
  });
});
