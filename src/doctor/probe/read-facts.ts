import type { Grant } from '../../model/grant.js';
import { isSystemRole, SYSTEM_ROLES } from '../../model/role.js';
import type { ProblemError } from '../../problem/problem.js';
import { hasSettings } from '../../routes/answer-forms.js';
import type { MembersForm, SearchForm } from '../../routes/answer-forms.js';
import { SETTINGS_PATH } from '../../routes/requests.js';
import { codesOf, attemptRead } from './attempt.js';
import type { Attempt } from './attempt.js';
import type { CatalogueRead, ProbeAnswer, ProbeClient, ProbedRole } from './client.js';
import { unknown } from './facts.js';
import type { Finding, Findings } from './facts.js';

/** Requested page sizes. A smaller one is tried if the instance refuses a larger one. */
const PAGE_SIZES = [1_000, 200, 50];

/** Maximum number of role lists to compare with the catalogue. Each needs one request. */
const COMPARED_ROLES = 10;

/** The facts that need only reads, and the roles that were seen. */
interface ReadFacts {
  found: Findings;
  /** Empty if the list of roles cannot be read. */
  roles: readonly ProbedRole[];
  /** The first error of a read without which a fact is unknown; null if there is none. */
  failure: ProblemError | null;
}

/**
 * Determines the facts that need only reads. A fact whose reads fail is unknown, with the reason; if none
 * succeeds, the first error is raised. Keeps no data about people.
 */
export async function readFacts(client: ProbeClient): Promise<ReadFacts> {
  const [listed, catalogue, settings, pages, members] = await Promise.all([
    attemptRead(() => client.roleList()),
    attemptRead(() => client.catalogue()),
    attemptRead(() => client.tryRead(SETTINGS_PATH)),
    attemptRead(() => searchPeople(client)),
    // The role Admin has people on every instance.
    attemptRead(() => client.members(SYSTEM_ROLES.Admin)),
  ]);
  const others = [catalogue, members].every((one) => 'error' in one);
  if ('error' in listed && others && isRefused(settings) && isRefusedSearch(pages)) throw listed.error;
  const roles = 'error' in listed ? [] : listed.value.roles;
  const lists = 'error' in listed ? listed : await readOwnLists(client, roles);
  const found: Findings = {
    settings: findingOf(settings, 'the role settings', (answer) => settingsFinding(answer, listed)),
    'user-page': findingOf(pages, SEARCH, ({ page }) => page),
    ids: findingOf(listed, 'the list of roles', ({ idTypes }) => idsFinding(idTypes)),
    attributes: findingOf(pages, SEARCH, ({ attributes }) => attributes),
    'authority-count': findingOf(lists, LISTS, countFinding),
    'member-totals': findingOf(members, 'the people of a role', totalsFinding),
    matrix: findingOf(lists, LISTS, (own) =>
      findingOf(catalogue, CATALOGUE, (read) => matrixFinding(own, read)),
    ),
    'catalogue-fields': findingOf(catalogue, CATALOGUE, fieldsFinding),
  };
  const failed = [listed, catalogue, settings, pages, members, lists].find((one) => 'error' in one);
  return { found, roles, failure: failed?.error ?? null };
}

/** A status is a fact about the settings only if another read shows that the instance answers this token. */
function isRefused(settings: Attempt<ProbeAnswer>): boolean {
  return 'error' in settings || settings.value.status !== 200;
}

function isRefusedSearch(pages: Attempt<People>): boolean {
  return 'error' in pages || (pages.value.page.value === null && pages.value.attributes.value === null);
}

const SEARCH = 'the result of user search';
const CATALOGUE = 'the catalogue';
const LISTS = 'the grants of roles';

/** The finding about what was read, or one without a value if it cannot be read. */
function findingOf<T>(reading: Attempt<T>, what: string, find: (value: T) => Finding): Finding {
  return 'error' in reading
    ? unknown(`${what} cannot be read (${codesOf(reading.error)})`)
    : find(reading.value);
}

interface People {
  page: Finding;
  attributes: Finding;
}

async function searchPeople(client: ProbeClient): Promise<People> {
  for (const limit of PAGE_SIZES) {
    const found = await client.search(limit);
    if ('refused' in found) continue;
    return { page: pageFinding(limit, found), attributes: attributesFinding(found.flagTypes) };
  }
  const refused = unknown('user search refuses pages of every size that was tried');
  return { page: refused, attributes: refused };
}

function settingsFinding({ status, body }: ProbeAnswer, roles: Attempt<unknown>): Finding {
  // Where even the list of roles is refused, the refusal is about the token.
  if (status === 403 && 'error' in roles) return unknown('the role settings cannot be read (forbidden)');
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

/** Reads custom roles first, because system roles are well known. Lists that cannot be read are left out, if there are others. */
async function readOwnLists(
  client: ProbeClient,
  roles: readonly ProbedRole[],
): Promise<Attempt<readonly OwnList[]>> {
  const order = [
    ...roles.filter(({ id }) => !isSystemRole(id)),
    ...roles.filter(({ id }) => isSystemRole(id)),
  ];
  const readings = await Promise.all(
    order
      .slice(0, COMPARED_ROLES)
      .map((role) => attemptRead(async () => ({ role, grants: await client.grants(role.id) }))),
  );
  const lists = readings.flatMap((one) => ('error' in one ? [] : [one.value]));
  const failed = readings.find((one) => 'error' in one);
  return lists.length === 0 && failed ? failed : { value: lists };
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
