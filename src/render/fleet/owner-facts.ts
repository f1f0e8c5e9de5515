import type { OwnerSection } from '../../fleet/owner-sections.js';
import { plural } from '../format/phrases.js';

/** The name of a section of changes, such as `owner finance-data`; `quote` prepares the owner for the format. */
export function sectionName({ of }: OwnerSection, quote: (owner: string) => string): string {
  switch (of.kind) {
    case 'owner':
      return `owner ${quote(of.owner)}`;
    case 'none':
      return 'no owner';
    case 'settings':
      return 'settings';
    case 'unknown':
      return 'owner unknown';
  }
}

/** `2 roles on 3 instances`, to follow the name of a section. */
export function sectionCounts({ of, roles, groups }: OwnerSection): string {
  const instances = plural(
    groups.reduce((sum, group) => sum + group.instances.length, 0),
    'instance',
  );
  switch (of.kind) {
    case 'owner':
    case 'none':
      return `${plural(roles, 'role')} on ${instances}`;
    case 'settings':
      return instances;
    case 'unknown':
      return `no document with these changes for ${instances}`;
  }
}
