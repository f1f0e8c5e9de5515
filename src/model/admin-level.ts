import type { Catalogue, Grant } from './grant.js';
import { sortedUnique } from './sort.js';
import { MANAGE_ROLES } from './grant.js';
import { memoize } from './memoize.js';

/**
 * Grants that Domo marks as sensitive, for catalogues without these marks (older
 * recordings). Source: the `adminLevel` column of a catalogue of 2025.
 */
const ADMIN_LEVEL: ReadonlySet<Grant> = new Set([
  'account.admin',
  'account.view.all',
  'ai.services.admin',
  'alert.admin',
  'approvalcenter.admin',
  'appstore.admin',
  'authorization.roles',
  'connector.admin',
  'consumption.governance.policy.admin',
  'content.admin',
  'conversational.agent.admin',
  'customer.edit',
  'dataflow.admin',
  'datascience.notebooks.admin',
  'dataset.admin',
  'developer.token.manage',
  'entity.attribute.admin',
  'group.admin',
  'marketplace.listing.admin',
  'marketplace.listing.publisher',
  'mobile.configapp.admin',
  'tasks.admin',
  'tasks.private.admin',
  'user.edit',
  'versions.repository.admin',
  'workspace.admin',
]);

/** The grants whose gain is refused unless allowed: the manifest's own list, else the admin-level ones. */
export function protectedGrants(catalogue: Catalogue, own: readonly Grant[] | null): ReadonlySet<Grant> {
  return own === null ? adminLevelGrants(catalogue) : new Set([...own, MANAGE_ROLES]);
}

const adminLevelGrants = memoize((catalogue: Catalogue): ReadonlySet<Grant> => {
  const listed = new Map(catalogue.map((entry) => [entry.grant, entry.adminLevel]));
  const all = sortedUnique([...listed.keys(), ...ADMIN_LEVEL]);
  return new Set([MANAGE_ROLES, ...all.filter((grant) => listed.get(grant) ?? ADMIN_LEVEL.has(grant))]);
});
