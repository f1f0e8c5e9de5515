import type { Drift } from '../drift/drift.js';
import type { MoveReason } from '../model/standing.js';
import type { Plan } from '../plan/plan.js';

/** What the renderers take: a plan, or what an instance differs in, which is the same diff read the other way round. */
export type PlanDocument = Plan | Drift;

/** What a plan does to a role; in a drift document what would undo the difference. */
export type RoleState = 'new' | 'changed' | 'deleted';

/** Which side of a diff a line is on. */
export type Sign = '+' | '-' | '~';

/** How a reader should take it; a page has a colour for each. */
export type Tone = 'good' | 'bad' | 'warn' | '';

/** A text with the tone that it is shown in. */
export interface ToneText {
  text: string;
  tone: Tone;
}

interface StateText extends ToneText {
  sign: Sign;
  /** Short, beside a name; empty where nothing needs to be added. */
  tag: string;
}

interface ImpactText {
  /** Before a number of people. */
  label: string;
  sign: '+' | '-';
  tone: Tone;
}

/** The words of one kind of document. Every text that differs between plan and drift is here. */
export interface Vocabulary {
  title: string;
  /** Before the name of the instance. */
  heading: string;
  /** The verdict where nothing differs. */
  clean: string;
  sections: { impact: string; otherGrants: string; roles: string; requests: string };
  roleStates: Readonly<Record<RoleState, StateText>>;
  /** Before the live name of a role that is called differently. */
  liveName: string;
  grants: { added: string; removed: string };
  impact: { gains: ImpactText; loses: ImpactText };
  /** Why a person moves. */
  moveReasons: Readonly<Record<MoveReason, string>>;
  /** The roles on both sides of a move. */
  moveSides: readonly [string, string];
  /** What a drawing of all moves shows. */
  moves: string;
  /** Says that a setting is concerned. */
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

/** The words for a document. */
export function vocabularyOf({ kind }: Pick<PlanDocument, 'kind'>): Vocabulary {
  return kind === 'drift' ? DRIFT : PLAN;
}
