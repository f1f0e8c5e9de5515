import { describe, expect, it } from '@jest/globals';
import { nearDifference, nearName } from '../../src/model/near-name.js';

describe('Near names', () => {
  it.each([
    ['Data Analyst', 'data analyst', 'case'],
    ['Data Analyst', 'Data  Analyst', 'blanks'],
    ['Data Analyst', ' DataAnalyst', 'blanks'],
    ['Data Analyst', 'data  analyst', 'blanks and case'],
    ['Straße', 'STRASSE', 'case'],
    ['Data Analyst', 'Data\u00a0Analyst', 'blanks: U+0020 in one, U+00A0 in the other'],
    ['Data Analyst', 'Data\u200b Analyst', 'invisible characters: nothing in one, U+200B in the other'],
    ['José', 'Jose\u0301', 'how letters are composed: U+00E9 in one, U+0065 U+0301 in the other'],
    ['Team', 'Ｔeam', 'how letters are composed: U+0054 in one, U+FF34 in the other'],
    ['Team', 'Team\u3164', 'invisible characters: nothing in one, U+3164 in the other'],
    ['Team', 'Team\u2800', 'blanks: nothing in one, U+2800 in the other'],
    [
      'Team \u200b',
      'team',
      'blanks and case and invisible characters: U+0054 U+0065 U+0061 U+006D U+0020 U+200B in one, U+0074 U+0065 U+0061 U+006D in the other',
    ],
    ['aab', 'a ab', 'blanks'],
    ['ab\u200bb', 'abb', 'invisible characters: U+200B in one, nothing in the other'],
    ['a\u200ba', 'aa', 'invisible characters: U+200B in one, nothing in the other'],
  ])('%j and %j differ in %s', (one, other, difference) => {
    expect(nearName(one)).toBe(nearName(other));
    expect(nearDifference(one, other)).toBe(difference);
    expect(nearDifference(other, one).split(':')[0]).toBe(difference.split(':')[0]);
  });

  it.each([
    ['Team 1', 'Team 2'],
    ['Sınıf', 'Sinif'],
    ['José', 'Jose'],
  ])('%j and %j are two names', (one, other) => {
    expect(nearName(one)).not.toBe(nearName(other));
  });
});
