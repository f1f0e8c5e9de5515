import { quotedName } from '../../model/quoted-name.js';
import { problem, type Problem } from '../../problem/problem.js';
import type { Place, YamlValue } from '../yaml/yaml-values.js';
import { API_VERSION } from './expected-values.js';

/** The problem of a file with another `apiVersion`, which a later version of this program may read; null for other values. */
export function otherVersion(
  node: YamlValue,
  { form, where }: { form: string; where: Place },
): Problem | null {
  if (!form.endsWith('/apiVersion') || node.kind !== 'scalar') return null;
  const { value } = node;
  if (typeof value !== 'string' || !/^domo-roles\/v[0-9][0-9a-z]{0,20}$/u.test(value)) return null;
  const message = `the file has apiVersion ${quotedName(value)}, and this version of domo-roles reads ${quotedName(API_VERSION)}`;
  const hint = `upgrade domo-roles, or write the file for ${API_VERSION}`;
  return problem('bad-value', message, { where, hint });
}
