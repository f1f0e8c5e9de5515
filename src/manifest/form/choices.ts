import { API_VERSION } from './expected-values.js';

/** The allowed values of keywords. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  '/apiVersion': [API_VERSION],
  '/kind': ['Roles'],
  'Policy/apiVersion': [API_VERSION],
  'Policy/kind': ['Policy'],
  'Fleet/apiVersion': [API_VERSION],
  'Fleet/kind': ['Fleet'],
  '/defaultRole/unmanaged': ['true'],
  '/allowlist': ['off', 'unmanaged'],
  '/roles/*': ['unmanaged'],
  '/roles/*/description/unmanaged': ['true'],
  '/roles/*/grants': ['unmanaged'],
  '/roles/*/grants/inherit': ['true', 'false'],
  '/roles/*/grants/mode': ['exact', 'additive'],
  '/roles/*/members': ['unmanaged'],
  '/roles/*/members/inherit': ['true', 'false'],
  '/roles/*/members/mode': ['exact', 'additive'],
  '/policy/unmanagedRoles': ['ignore', 'report', 'fail', 'delete'],
  '/policy/acceptedDrift/#/what': [
    'grants',
    'members',
    'description',
    'defaultRole',
    'allowlist',
    'unmanaged',
    'rule',
  ],
  '/policy/rules/*/level': ['refuse', 'warn'],
};

/** The allowed values at this place; empty if any value of its type is allowed. */
export function choicesAt(form: string): readonly string[] {
  return Object.hasOwn(CHOICES, form) ? (CHOICES[form] ?? []) : [];
}
