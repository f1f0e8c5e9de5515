import { describe, expect, it } from '@jest/globals';
import { tamperedIn } from '../../../src/plan/saved/tampered.js';

describe('the refusal of an edited plan file', () => {
  const madeBy = 'domo-roles 1.0.0';

  it.each([
    ['1.0.0', 'the plan file was changed after it was made, or another version made it: why'],
    [undefined, 'the plan file was changed after it was made, or another version made it: why'],
    [
      '2.0.0',
      'the plan file was changed after it was made, or domo-roles 1.0.0 made it in another form: why',
    ],
  ])('has one code whatever version reads it: %p', (version, message) => {
    expect(tamperedIn({ madeBy }, version)('why')).toMatchObject({ code: 'plan-tampered', message });
  });
});
