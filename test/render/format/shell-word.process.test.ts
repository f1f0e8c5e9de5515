import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { oneLine } from '../../../src/render/format/one-line.js';
import { shellPath, shellWord } from '../../../src/render/format/shell-word.js';

/** Texts, and each as a word of a shell. */
const WORDS: readonly [text: string, word: string][] = [
  ['out/fleet-1.json', 'out/fleet-1.json'],
  ['https://acme.domo.com:8080/a', 'https://acme.domo.com:8080/a'],
  ['', "''"],
  ['my plans', "'my plans'"],
  ["ana's plans", String.raw`'ana'\''s plans'`],
  ['$(reboot)', "'$(reboot)'"],
  ['`reboot`', "'`reboot`'"],
  ['a;b&c|d>e<f', "'a;b&c|d>e<f'"],
  ['~/plans', "'~/plans'"],
  ['*?[a]{b}', "'*?[a]{b}'"],
  ['a"b', `'a"b'`],
  ['#a', "'#a'"],
  ['a!b', "'a!b'"],
  ['a\\b', "'a\\b'"],
  ['año', "'año'"],
  ['a\nb', String.raw`$'a\nb'`],
  ["a\t'\\", String.raw`$'a\t\'\\'`],
  ['a\u001b[31m', String.raw`$'a\u001b[31m'`],
  ['a\u{202e}b', String.raw`$'a\u202eb'`],
  ['\u{e0041}', String.raw`$'\U000e0041'`],
];

describe('a word of a shell', () => {
  it.each(WORDS)('of %j is %s, on one line and without invisible characters', (text, word) => {
    expect(shellWord(text)).toBe(word);
    expect(oneLine(word)).toBe(word);
  });

  it('that is a path is no flag', () => {
    expect(['-out', '--all', '-a b', 'a-b'].map(shellPath)).toEqual(['./-out', './--all', "'./-a b'", 'a-b']);
  });

  const BASH = ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path)) ?? '';
  const WITH_BASH = BASH === '' ? it.skip : it;

  WITH_BASH('is read by bash as the text', () => {
    const script = `printf '%s\\0' ${WORDS.map(([, word]) => word).join(' ')}`;
    const read = execFileSync(BASH, ['-c', script], { env: { LC_ALL: 'C.UTF-8' } }).toString('utf8');
    expect(read.split('\0').slice(0, -1)).toEqual(WORDS.map(([text]) => text));
  });
});
