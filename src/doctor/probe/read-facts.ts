import type { Grant } from '../../model/grant.js';
import { isSystemRole, SYSTEM_ROLES } from '../../model/role.js';
import { roleIdTypes } from '../../routes/answer-forms.js';
import { ROLES_PATH, SETTINGS_PATH } from '../../routes/requests.js';
import type { Matrix, ProbeClient, ProbedRole } from './client.js';
import { unknown } from './facts.js';
import type { Finding, Findings } from './facts.js';

/** Requested page sizes. A smaller one is tried if the instance refuses a larger one. */
const PAGE_SIZES = [1_000, 200, 50];

/** Maximum number of role lists to compare with the catalogue. Each needs one request. */
const COMPARED_ROLES = 10;

/** Determines the facts that need only reads. Keeps no data about people. */
export async function readFacts(client: ProbeClient): Promise<Findings> {
  const wireRoles = await client.read(ROLES_PATH);
  const [roles, catalogue, settings, people, members] = await Promise.all([
    client.roles(),
    client.catalogue(),
    client.tryRead(SETTINGS_PATH),
    searchPeople(client),
    // The role Admin has people on every instance.
    client.members(SYSTEM_ROLES.Admin),
  ]);
  const compared = await readOwnLists(client, roles);
  return {
    settings: { value: settings.status === 200 ? 'yes' : String(settings.status) },
    'user-page': people.page,
    ids: idsFinding(roleIdTypes(wireRoles)),
    attributes: people.attributes,
    'authority-count': countFinding(compared),
    'member-totals': { value: members.total === undefined || members.total === null ? 'no' : 'yes' },
    matrix: matrixFinding(compared, catalogue),
    'catalogue-fields': { value: catalogue.marksAdminLevel ? 'all' : 'older' },
  };
}

async function searchPeople(client: ProbeClient): Promise<{ page: Finding; attributes: Finding }> {
  for (const limit of PAGE_SIZES) {
    const found = await client.search(limit);
    if ('refused' in found) continue;
    const { received, total } = found;
    return {
      page: pageFinding({ limit, received, total: total ?? received }),
      attributes: attributesFinding(found.attributeTypes),
    };
  }
  const refused = unknown('user search refuses pages of every size that was tried');
  return { page: refused, attributes: refused };
}

function pageFinding({
  limit,
  received,
  total,
}: {
  limit: number;
  received: number;
  total: number;
}): Finding {
  if (received < Math.min(limit, total)) return { value: received };
  if (limit !== PAGE_SIZES[0]) return { value: limit };
  return received === limit
    ? { value: 'as asked' }
    : unknown('everyone fits on one page, and there are fewer people than were asked for');
}

function attributesFinding(types: ReadonlySet<string>): Finding {
  if (types.size === 0) return unknown('user search shows no attributes');
  return { value: isOnly(types, 'string') ? 'text' : 'values' };
}

function idsFinding(types: ReadonlySet<string>): Finding {
  if (types.size === 0) return unknown('there are no roles to be seen');
  return { value: isOnly(types, 'number') ? 'numbers' : 'text' };
}

function isOnly(types: ReadonlySet<string>, type: string): boolean {
  return types.size === 1 && types.has(type);
}

interface OwnList {
  role: ProbedRole;
  grants: readonly Grant[];
}

/** Reads custom roles first, because system roles are well known. */
async function readOwnLists(client: ProbeClient, roles: readonly ProbedRole[]): Promise<OwnList[]> {
  const order = [
    ...roles.filter(({ id }) => !isSystemRole(id)),
    ...roles.filter(({ id }) => isSystemRole(id)),
  ];
  const compared = order.slice(0, COMPARED_ROLES);
  return Promise.all(compared.map(async (role) => ({ role, grants: await client.grants(role.id) })));
}

function countFinding(lists: readonly OwnList[]): Finding {
  const more = lists.flatMap(({ role, grants }) =>
    role.grantCount === null ? [] : [role.grantCount - grants.length],
  );
  if (more.length === 0) return unknown('roles come without a number of grants');
  if (more.every((difference) => difference === 0)) return { value: 'equal' };
  return { value: more.every((difference) => difference === 1) ? 'one higher' : 'other' };
}

function matrixFinding(
  lists: readonly OwnList[],
  { catalogue, matrix }: { catalogue: readonly { grant: Grant }[]; matrix: Matrix },
): Finding {
  const known = new Set(catalogue.map(({ grant }) => grant));
  const isEqual = ({ role, grants }: OwnList): boolean => {
    const own = grants.filter((grant) => known.has(grant));
    const listed = new Set(matrix.get(role.id) ?? []);
    return own.length === listed.size && own.every((grant) => listed.has(grant));
  };
  return { value: lists.every(isEqual) ? 'equal' : 'leaves out' };
}
