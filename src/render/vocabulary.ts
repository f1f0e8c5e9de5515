import type { Drift } from '../drift/drift.js';
import type { MoveReason } from '../model/standing.js';
import type { Plan } from '../plan/plan.js';

/** The input of renderers: a plan or a drift document, which is the same diff in the other direction. */
export type PlanDocument = Plan | Drift;

/** The effect of a plan on a role; in drift, the effect of undoing the difference. */
export type RoleState = 'new' | 'changed' | 'deleted';

/** The side of a diff line. */
export type Sign = '+' | '-' | '~';

/** The tone of a text; pages have a colour for each. */
export type Tone = 'good' | 'bad' | 'warn' | '';

/** A text with the tone that it is shown in. */
export interface ToneText {
  text: string;
  tone: Tone;
}

interface StateText extends ToneText {
  sign: Sign;
  /** A short label next to a name; '' if none is needed. */
  tag: string;
}

interface ImpactText {
  /** Before a number of people. */
  label: string;
  sign: '+' | '-';
  tone: Tone;
}

/** The texts of one kind of document: everything that differs between plan and drift. */
export interface Vocabulary {
  title: string;
  /** Before the name of the instance. */
  heading: string;
  /** The verdict without differences. */
  clean: string;
  sections: { impact: string; otherGrants: string; roles: string; requests: string };
  roleStates: Readonly<Record<RoleState, StateText>>;
  /** Before the live name of a role that has another name. */
  liveName: string;
  /** Before the other name of a role that is called by its live one. */
  endName: string;
  grants: { added: string; removed: string };
  impact: { gains: ImpactText; loses: ImpactText };
  /** Why a person moves. */
  moveReasons: Readonly<Record<MoveReason, string>>;
  /** The roles on both sides of a move. */
  moveSides: readonly [string, string];
  /** What a drawing of all moves shows. */
  moves: string;
  /** The label of a setting. */
  settingState: string;
  counts: {
    rolesCreated: string;
    rolesRenamed: string;
    rolesDeleted: string;
    grantsAdded: string;
    grantsRemoved: string;
    peopleMoved: string;
  };
}

const PLAN: Vocabulary = {
  title: 'Plan',
  heading: 'Plan for',
  clean: 'No changes',
  sections: {
    impact: 'Who gains and who loses',
    otherGrants: 'Other grants: who gains, who loses',
    roles: 'Roles that change',
    requests: 'Requests',
  },
  roleStates: {
    new: { text: 'new role', tag: 'new', sign: '+', tone: 'good' },
    changed: { text: 'changes', tag: '', sign: '~', tone: '' },
    deleted: { text: 'will be deleted', tag: 'deleted', sign: '-', tone: 'bad' },
  },
  liveName: 'renamed from',
  endName: 'renamed to',
  grants: { added: 'added', removed: 'removed' },
  impact: {
    gains: { label: 'gained by', sign: '+', tone: 'good' },
    loses: { label: 'lost by', sign: '-', tone: 'bad' },
  },
  moveReasons: {
    listed: 'listed in the manifest',
    'taken-out': 'removed from an exact list',
    'role-deleted': 'their role is deleted',
    expired: 'their membership has ended',
    returns: 'their membership has ended, they return',
  },
  moveSides: ['From', 'To'],
  moves: 'People who move',
  settingState: 'changes',
  counts: {
    rolesCreated: 'roles to create',
    rolesRenamed: 'roles to rename',
    rolesDeleted: 'roles to delete',
    grantsAdded: 'grants to add',
    grantsRemoved: 'grants to remove',
    peopleMoved: 'people to move',
  },
};

const DRIFT: Vocabulary = {
  title: 'Drift',
  heading: 'Drift of',
  clean: 'No drift',
  sections: {
    impact: 'Who holds more or less than the manifest says',
    otherGrants: 'Other grants: held or missing',
    roles: 'Roles that differ',
    requests: 'Requests that would undo the drift',
  },
  roleStates: {
    new: { text: 'is not on the instance', tag: 'not live', sign: '-', tone: 'bad' },
    changed: { text: 'differs', tag: '', sign: '~', tone: 'warn' },
    deleted: { text: 'should not be on the instance', tag: 'unwanted', sign: '+', tone: 'warn' },
  },
  liveName: 'is called',
  endName: 'should be called',
  grants: { added: 'only live', removed: 'missing' },
  impact: {
    gains: { label: 'missing for', sign: '-', tone: 'bad' },
    loses: { label: 'held beyond the manifest by', sign: '+', tone: 'warn' },
  },
  moveReasons: {
    listed: 'listed in the manifest',
    'taken-out': 'not in an exact list',
    'role-deleted': 'in a role that should not be on the instance',
    expired: 'their membership has ended',
    returns: 'their membership has ended',
  },
  moveSides: ['Role in the manifest', 'Role on the instance'],
  moves: 'People who are in another role than the manifest says',
  settingState: 'differs',
  counts: {
    rolesCreated: 'roles missing',
    rolesRenamed: 'roles with another name',
    rolesDeleted: 'roles not wanted',
    grantsAdded: 'grants missing',
    grantsRemoved: 'grants only live',
    peopleMoved: 'people in another role',
  },
};

/** The vocabulary for a document. */
export function vocabularyOf({ kind }: Pick<PlanDocument, 'kind'>): Vocabulary {
  return kind === 'drift' ? DRIFT : PLAN;
}
