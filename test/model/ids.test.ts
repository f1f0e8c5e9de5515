import { describe, expect, it } from '@jest/globals';
import type { PersonId, RoleId } from '../../src/model/ids.js';

type IsAssignable<From, To> = From extends To ? true : false;

describe('ids', () => {
  // Each constant compiles only with the value that the compiler finds.
  it('each have their own type', () => {
    const personAsRole: IsAssignable<PersonId, RoleId> = false;
    const roleAsPerson: IsAssignable<RoleId, PersonId> = false;
    const readNumberAsRole: IsAssignable<number, RoleId> = true;
    expect([personAsRole, roleAsPerson, readNumberAsRole]).toEqual([false, false, true]);
  });
});
