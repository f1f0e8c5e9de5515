import { describe, expect, it } from '@jest/globals';
import { codePoints, firstInvisible } from '../../src/model/invisible.js';

describe('Invisible characters', () => {
  it.each([
    'Data Analyst',
    '👩\u200d💻 Team',
    '👨\u200d👩\u200d👧\u200d👦 Family',
    'ا\u200cب\u200cج',
    'Team ❤\ufe0f',
    '❤\ufe0f\u200d🔥',
    'می\u200cخواهم',
    '1\ufe0f\u20e3',
  ])('are not found in %j', (name) => {
    expect(firstInvisible(name)).toBeNull();
  });

  it.each([
    ['Data\u200bAnalyst', '\u200b'],
    ['\ufeffTeam', '\ufeff'],
    ['Team\u200d', '\u200d'],
    ['Team\u200d 1', '\u200d'],
    ['Team\ufe0f', '\ufe0f'],
    ['❤\ufe0f\u200d', '\ufe0f'],
    ['❤\ufe0f\ufe0f\ufe0f', '\ufe0f'],
    ['\ufe0f❤', '\ufe0f'],
    [' \u200da', '\u200d'],
    ['Te\u200d\u200dam', '\u200d'],
    ['Soft\u00adware', '\u00ad'],
    ['Team\u{e0041}', '\u{e0041}'],
    ['\u3164', '\u3164'],
    ['a\u202eb', '\u202e'],
  ])('are found in %j', (name, found) => {
    expect(firstInvisible(name)).toBe(found);
  });
});

describe('codePoints', () => {
  it.each([
    ['', 'nothing'],
    ['A', 'U+0041'],
    ['e\u0301', 'U+0065 U+0301'],
    ['\u{1f600}', 'U+1F600'],
    ['aaaaaaaa', Array.from({ length: 8 }, () => 'U+0061').join(' ')],
    ['aaaaaaaaa', `${Array.from({ length: 8 }, () => 'U+0061').join(' ')} …`],
  ])('of %j: %s', (text, shown) => {
    expect(codePoints(text)).toBe(shown);
  });
});
