import { describe, expect, it } from '@jest/globals';
import { NO_ENDS } from '../../src/desired/members/member-ends.js';
import { desiredOf } from '../../src/desired/desired.js';
import { stateOf } from '../../src/model/state.js';
import { snapshotOf } from '../support/arbitraries.js';

const state = stateOf(snapshotOf({}));

describe('desiredOf', () => {
  it('contains only the state if nothing else is given', () => {
    expect(desiredOf({ state })).toEqual({
      target: {
        state,
        starts: new Map(),
        why: new Map(),
        until: new Map(),
        ends: NO_ENDS,
        managed: new Set(),
        managesAllowlist: false,
      },
      findings: {
        problems: [],
        refusals: [],
        warnings: [],
        retained: [],
        missingPeople: [],
        missingIn: [],
        unplaced: new Set(),
        unmanaged: [],
        owners: [],
        accepted: [],
      },
    });
  });

  it('keeps what is given', () => {
    const desired = desiredOf({ state, managesAllowlist: true }, { missingPeople: ['a@x.io'] });
    expect(desired.target.managesAllowlist).toBe(true);
    expect(desired.findings.missingPeople).toEqual(['a@x.io']);
  });
});
