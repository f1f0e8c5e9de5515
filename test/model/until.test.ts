import { describe, expect, it } from '@jest/globals';
import { dayOf, daysUntil, hasPassed, isUntil, isUntilForm } from '../../src/model/until.js';

describe('isUntil', () => {
  it.each([
    ['a day', '2027-01-31', true],
    ['a leap day', '2028-02-29', true],
    ['a leap day of a century that is a multiple of 400', '2000-02-29', true],
    ['a leap day in a common year', '2027-02-29', false],
    ['a leap day of another century', '2100-02-29', false],
    ['the 31st of a short month', '2027-04-31', false],
    ['the 30th of February in a leap year', '2028-02-30', false],
    ['the 31st of a long month in a leap year', '2028-01-31', true],
    ['the first day of a month', '2027-01-01', true],
    ['day 0', '2027-01-00', false],
    ['month 0', '2027-00-10', false],
    ['month 13', '2027-13-01', false],
    ['a time in UTC', '2027-01-31T18:00:00Z', true],
    ['lower-case letters', '2027-01-31t18:00:00z', true],
    ['a time with an offset', '2027-01-31T18:00:00+01:00', true],
    ['a fraction of a second', '2027-01-31T18:00:00.123456-05:30', true],
    ['a time on a day that does not exist', '2027-02-29T18:00:00Z', false],
    ['hour 24', '2027-01-31T24:00:00Z', false],
    ['minute 60', '2027-01-31T18:60:00Z', false],
    ['second 60', '2027-01-31T18:00:60Z', false],
    ['an offset of 24 hours', '2027-01-31T18:00:00+24:00', false],
    ['an offset of 60 minutes', '2027-01-31T18:00:00+01:60', false],
  ])('%s', (_, text, expected) => {
    expect(isUntilForm(text)).toBe(true);
    expect(isUntil(text)).toBe(expected);
  });

  it.each([
    ['a time without a zone', '2027-01-31T18:00:00'],
    ['a time without seconds', '2027-01-31T18:00Z'],
    ['a space for the T', '2027-01-31 18:00:00Z'],
    ['a short month', '2027-1-31'],
    ['a word', 'soon'],
    ['text after the day', '2027-01-31x'],
    ['text before the day', 'x2027-01-31'],
    ['nothing', ''],
  ])('%s has another form', (_, text) => {
    expect(isUntilForm(text)).toBe(false);
    expect(isUntil(text)).toBe(false);
  });
});

describe('hasPassed', () => {
  it.each([
    ['the last millisecond of the day', '2027-01-31', '2027-01-31T23:59:59.999Z', false],
    ['the first moment of the next day', '2027-01-31', '2027-02-01T00:00:00.000Z', true],
    ['the start of the day', '2027-01-31', '2027-01-31T00:00:00.000Z', false],
    ['a day of this year next to a later year', '2027-12-31', '2028-01-01T00:00:00.000Z', true],
    ['just before a time in UTC', '2027-01-31T18:00:00Z', '2027-01-31T17:59:59.999Z', false],
    ['a time in UTC, to the millisecond', '2027-01-31T18:00:00Z', '2027-01-31T18:00:00.000Z', true],
    ['just before a time east of UTC', '2027-01-31T18:00:00+01:00', '2027-01-31T16:59:59.999Z', false],
    ['a time east of UTC', '2027-01-31T18:00:00+01:00', '2027-01-31T17:00:00.000Z', true],
    [
      'just before a time west of UTC, on the next day',
      '2027-01-31T18:00:00-08:00',
      '2027-02-01T01:59:59.999Z',
      false,
    ],
    ['a time west of UTC, on the next day', '2027-01-31T18:00:00-08:00', '2027-02-01T02:00:00.000Z', true],
    ['just before a fraction of a second', '2027-01-31T18:00:00.500Z', '2027-01-31T18:00:00.499Z', false],
    ['lower-case letters', '2027-01-31t18:00:00z', '2027-01-31T18:00:00.000Z', true],
  ])('%s', (_, until, now, expected) => {
    expect(hasPassed(until, now)).toBe(expected);
  });
});

describe('dayOf and daysUntil', () => {
  it.each([
    ['2027-01-31', '2027-01-31', 30],
    ['2027-01-31T23:30:00Z', '2027-01-31', 30],
    ['2027-02-01T00:30:00+01:00', '2027-01-31', 30],
    ['2027-01-31T23:30:00-01:00', '2027-02-01', 31],
    ['2027-01-01', '2027-01-01', 0],
    ['2026-12-31', '2026-12-31', -1],
  ])('of %s are %s and %i', (until, day, days) => {
    expect(dayOf(until)).toBe(day);
    for (const hour of ['00:00:00.000', '23:59:59.999'])
      expect(daysUntil(until, `2027-01-01T${hour}Z`)).toBe(days);
  });
});
