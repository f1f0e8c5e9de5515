import type { Grant } from '../../model/grant.js';
import { isSystemRole, SYSTEM_ROLES } from '../../model/role.js';
import { hasSettings, roleIdTypes } from '../../routes/answer-forms.js';
import type { MembersForm, SearchForm } from '../../routes/answer-forms.js';
import { ROLES_PATH, SETTINGS_PATH } from '../../routes/requests.js';
import type { CatalogueRead, ProbeAnswer, ProbeClient, ProbedRole } from './client.js';
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
    settings: settingsFinding(settings),
    'user-page': people.page,
    ids: idsFinding(roleIdTypes(wireRoles)),
    attributes: people.attributes,
    'authority-count': countFinding(compared),
    'member-totals': totalsFinding(members),
    matrix: matrixFinding(compared, catalogue),
    'catalogue-fields': fieldsFinding(catalogue),
  };
}

async function searchPeople(client: ProbeClient): Promise<{ page: Finding; attributes: Finding }> {
  for (const limit of PAGE_SIZES) {
    const found = await client.search(limit);
    if ('refused' in found) continue;
    return { page: pageFinding(limit, found), attributes: attributesFinding(found.flagTypes) };
  }
  const refused = unknown('user search refuses pages of every size that was tried');
  return { page: refused, attributes: refused };
}

function settingsFinding({ status, body }: ProbeAnswer): Finding {
  if (status !== 200) return { value: String(status) };
  return hasSettings(body) ? { value: 'yes' } : unknown('the response has no default role or no allowlist');
}

function totalsFinding({ total }: MembersForm): Finding {
  if (total === 'unusable') return unknown('the member list of a role shows a total that is not usable');
  return { value: total === null ? 'no' : 'yes' };
}

function pageFinding(limit: number, { received, total }: SearchForm): Finding {
  if (received === null) return unknown('user search answers without a list of people');
  if (received > limit) return unknown('user search shows more people than were asked for');
  if (received < limit) {
    if (total === null) return unknown('user search shows no total');
    if (received === 0) return unknown('user search shows no one');
    if (received < total) return { value: received };
    if (received > total) return unknown('user search shows more people than its total');
  }
  if (limit !== PAGE_SIZES[0]) return { value: limit };
  return received === limit
    ? { value: 'as asked' }
    : unknown('everyone fits on one page, and there are fewer people than were asked for');
}

function attributesFinding(types: ReadonlySet<string>): Finding {
  if (types.size === 0) return unknown('user search shows no attributes');
  if (isOnly(types, 'string')) return { value: 'text' };
  return isWithin(types, ['boolean', 'number'])
    ? { value: 'values' }
    : unknown('the attributes of user search are neither values nor text');
}

function idsFinding(types: ReadonlySet<string>): Finding {
  if (types.size === 0) return unknown('there are no roles to be seen');
  if (isOnly(types, 'number')) return { value: 'numbers' };
  return isWithin(types, ['number', 'string'])
    ? { value: 'text' }
    : unknown('the ids of roles are neither numbers nor text');
}

function isOnly(types: ReadonlySet<string>, type: string): boolean {
  return types.size === 1 && types.has(type);
}

function isWithin(types: ReadonlySet<string>, known: readonly string[]): boolean {
  return [...types].every((type) => known.includes(type));
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

function fieldsFinding(read: Pick<CatalogueRead, 'marksAdminLevel' | 'catalogue'>): Finding {
  if (read.catalogue.length === 0) return unknown('the catalogue lists no grants');
  return { value: read.marksAdminLevel ? 'all' : 'older' };
}

function matrixFinding(lists: readonly OwnList[], { catalogue, matrix }: CatalogueRead): Finding {
  if (matrix.size === 0) return unknown('the catalogue lists no role that holds a grant');
  const known = new Set(catalogue.map(({ grant }) => grant));
  const compared = lists.map(({ role, grants }) => ({
    own: new Set(grants.filter((grant) => known.has(grant))),
    listed: new Set(matrix.get(role.id) ?? []),
  }));
  if (compared.some(({ own, listed }) => [...listed].some((grant) => !own.has(grant))))
    return unknown('the catalogue lists grants of a role that its own list does not have');
  return { value: compared.every(({ own, listed }) => own.size === listed.size) ? 'equal' : 'leaves out' };
}
