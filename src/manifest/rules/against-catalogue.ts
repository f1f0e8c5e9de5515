import { protectedGrants } from '../../model/admin-level.js';
import { dependenciesOf, type Dependencies } from '../../model/closure.js';
import type { Catalogue, Grant } from '../../model/grant.js';
import { memoize } from '../../model/memoize.js';
import { shownName } from '../../model/quoted-name.js';
import { didYouMean, suggestGrant } from '../../model/suggest.js';
import { problem, warning, type Problem } from '../../problem/problem.js';
import type { ManifestDraft, DraftRole } from '../draft/draft.js';
import { composeDraftGrants, ownGrants, type ComposedGrants } from '../draft/role-grants.js';
import { grantsByTitle, titleHint } from '../form/grant-titles.js';
import type { SourceRange } from '../yaml/yaml-values.js';

/** The hint for a grant that the instance does not have, if no known grant is similar. */
export const UNKNOWN_GRANT = 'check the spelling, or list it under optional if only some instances have it';

/** The grants of an instance, as far as they are available. */
export interface CatalogueUse {
  catalogue: Catalogue;
  /** Does a live role hold a grant? Absent if unknown. */
  isHeld?: (grant: Grant) => boolean;
}

/** Reports grants that an instance does not have, and grants without effect on it; unsorted. */
export function checkPresence(draft: ManifestDraft, use: CatalogueUse): Problem[] {
  return [...unknownGrants(draft, use), ...featuresOff(draft, use)];
}

/** Compares the grants of a manifest with those of an instance; unsorted. */
export function checkDraftAgainst(draft: ManifestDraft, use: CatalogueUse): Problem[] {
  const dependencies = dependenciesOf(use.catalogue);
  const composed = composeDraftGrants(draft);
  const sensitive = protectedGrants(use.catalogue, null);
  return [
    ...checkPresence(draft, use),
    ...unknownRuleGrants(draft, use),
    ...[...draft.roles.values()].flatMap((role) => needs(draft, role, { dependencies, composed, sensitive })),
  ];
}

function unknownGrants(draft: ManifestDraft, { catalogue, isHeld }: CatalogueUse): Problem[] {
  const unlisted = factsOf(draft)(catalogue).unlisted;
  if (unlisted.length === 0) return [];
  const known = catalogue.map(({ grant }) => grant);
  const sensitive = protectedGrants(catalogue, null);
  const titles = grantsByTitle(catalogue);
  return unlisted.flatMap(({ value, at }) => {
    if (isHeld?.(value)) return [];
    const meant = suggestGrant(value, known, sensitive);
    const close = meant === null ? titleHint(value, titles) : `did you mean ${shownName(meant)}?`;
    const hint = close ?? UNKNOWN_GRANT;
    return [problem('unknown-grant', `the instance has no grant ${shownName(value)}`, { where: at, hint })];
  });
}

/**
 * A rule may name a grant that an instance does not have, but it is probably misspelled. A plan reports this itself.
 */
function unknownRuleGrants(draft: ManifestDraft, { catalogue, isHeld }: CatalogueUse): Problem[] {
  const known = new Set(catalogue.map(({ grant }) => grant));
  return [...draft.policy.rules.values()].flatMap(({ name, grants, neverTogether }) =>
    [...(grants ?? []), ...(neverTogether ?? []).flat()].flatMap(({ value, at }) => {
      if (known.has(value) || isHeld?.(value)) return [];
      const hint = didYouMean(value, known) ?? 'correct the name, or remove it';
      const message = `rule ${shownName(name)} names the grant ${shownName(value)}, which the instance does not have`;
      return [warning('rule-unknown-name', message, { where: at, hint })];
    }),
  );
}

/** One warning per grant, at its first place. */
function featuresOff(draft: ManifestDraft, { catalogue, isHeld }: CatalogueUse): Problem[] {
  return factsOf(draft)(catalogue).conditional.flatMap(({ range: { value, at }, needed }) => {
    if (isHeld?.(value)) return [];
    const message = `grant ${shownName(value)} does nothing unless the instance has the feature ${needed.map(shownName).join(' and ')}`;
    return [warning('feature-off', message, { where: at })];
  });
}

/** Results that depend only on a manifest and a catalogue, which most instances of a fleet share. */
interface CatalogueFacts {
  /** Grants that the manifest names and the catalogue does not list, at each place. */
  unlisted: readonly SourceRange<Grant>[];
  /** Grants that need features of the instance, at their first place. */
  conditional: readonly { range: SourceRange<Grant>; needed: readonly string[] }[];
}

const factsOf = memoize((draft: ManifestDraft) => {
  const used = usedGrants(draft);
  const first = [...firstPlaces(draft).values()];
  return memoize((catalogue: Catalogue): CatalogueFacts => {
    const features = new Map(catalogue.map((entry) => [entry.grant, entry.features]));
    return {
      unlisted: used.filter(({ value }) => !features.has(value)),
      conditional: first
        .map((range) => ({ range, needed: features.get(range.value) ?? [] }))
        .filter(({ needed }) => needed.length > 0),
    };
  });
});

function usedGrants(draft: ManifestDraft): SourceRange<Grant>[] {
  return [
    ...[...draft.grantSets.values()].flatMap(({ grants }) => grants),
    ...[...draft.roles.values()].flatMap(({ grants }) =>
      grants ? [...(grants.add ?? []), ...grants.remove] : [],
    ),
    ...(draft.policy.protectedGrants ?? []),
  ];
}

function firstPlaces(draft: ManifestDraft): ReadonlyMap<Grant, SourceRange<Grant>> {
  const first = new Map<Grant, SourceRange<Grant>>();
  for (const { grants } of draft.roles.values()) {
    for (const range of grants ? ownGrants(draft, grants) : [])
      if (!first.has(range.value)) first.set(range.value, range);
  }
  return first;
}

/** The hint for a missing dependency. It never suggests adding an admin-level grant for the sake of a lesser one. */
export function needHint(grant: Grant, need: Grant, sensitive: ReadonlySet<Grant>): string {
  return sensitive.has(need) && !sensitive.has(grant)
    ? `${shownName(need)} is an admin-level grant; remove ${shownName(grant)} unless both are intended`
    : `add ${shownName(need)}`;
}

interface Knowledge {
  sensitive: ReadonlySet<Grant>;
  dependencies: Dependencies;
  composed: ReadonlyMap<string, ComposedGrants>;
}

function needs(
  draft: ManifestDraft,
  role: DraftRole,
  { dependencies, composed, sensitive }: Knowledge,
): Problem[] {
  if (!role.grants) return [];
  const result = composed.get(role.name);
  const list = result?.grants ?? new Set<Grant>();
  const reported = new Set<Grant>();
  const problems = role.grants.remove.flatMap(({ value, at }) => {
    // A layer above may add a grant again that a layer below removes.
    if (list.has(value)) return [];
    const user = [...list]
      .sort()
      .find((grant) => grant !== value && dependencies.closure([grant]).has(value));
    if (user === undefined) return [];
    reported.add(value);
    const message = `"remove" of role ${shownName(role.name)} takes away ${shownName(value)}, which ${shownName(user)} needs`;
    return [
      warning('remove-needed', message, { where: at, hint: `remove ${shownName(user)} too, or keep both` }),
    ];
  });
  if (!result?.complete) return problems;
  for (const { value, at } of ownGrants(draft, role.grants)) {
    if (!list.has(value)) continue;
    for (const need of dependencies.closure([value])) {
      if (list.has(need) || reported.has(need)) continue;
      reported.add(need);
      const message = `grant ${shownName(value)} of role ${shownName(role.name)} needs ${shownName(need)}, which the role does not have`;
      problems.push(
        warning('missing-dependency', message, { where: at, hint: needHint(value, need, sensitive) }),
      );
    }
  }
  return problems;
}
