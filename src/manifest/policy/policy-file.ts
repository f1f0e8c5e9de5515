import { inFileOrder } from '../../model/in-file-order.js';
import type { PolicyOrigin, PolicyOverlay } from '../../model/policy-overlay.js';
import type { Policy } from '../../model/policy.js';
import { ProblemError, problem, type Problem } from '../../problem/problem.js';
import { checkPolicySchema } from '../../schema/check-policy.js';
import { buildPolicy } from '../build/build-manifest.js';
import { readPolicy } from '../draft/read-draft.js';
import { checkForm, type FileForm } from '../form/check-form.js';
import { namesOurVersion, wrongKind } from '../form/document-kind.js';
import { withoutExtensions } from '../form/extension-keys.js';
import { grantsByTitle, type GrantsByTitle } from '../form/grant-titles.js';
import { policyPlaceForm } from '../form/place-form.js';
import { checkPolicyDraft } from '../rules/check.js';
import { readYaml } from '../yaml/read-yaml.js';
import { valueOf, startOfFile, type YamlMap } from '../yaml/yaml-values.js';
import { readPolicySource, type PolicySource } from './policy-source.js';

const POLICY: FileForm = { check: checkPolicySchema, formOf: policyPlaceForm };

/** A policy file, read and checked on its own. */
export interface ReadPolicy {
  /** Errors and warnings, in order. */
  problems: readonly Problem[];
  /** Its tree without `x-` keys; null if it could not be parsed. */
  root: YamlMap | null;
  /** The policy that it sets; null if there is an error. */
  overlay: PolicyOverlay | null;
  /** Null if nothing could be read. */
  source: PolicySource | null;
  /** Its text for code frames; absent if it does not look like a policy file. */
  sources: ReadonlyMap<string, string>;
}

/** Reads and checks a policy file by its name: a path, or `REV:PATH`. Never throws because of its content. */
export async function readPolicyFile(
  name: string,
  { cwd, titles = grantsByTitle() }: { cwd: string; titles?: GrantsByTitle },
): Promise<ReadPolicy> {
  try {
    return await parsePolicy(await readPolicySource(name, cwd), titles);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { problems: error.problems, root: null, overlay: null, source: null, sources: new Map() };
  }
}

/** Checks the text of a policy file: syntax, schema, and the rules that concern a policy alone. */
export async function parsePolicy(
  source: PolicySource,
  titles: GrantsByTitle = grantsByTitle(),
): Promise<ReadPolicy> {
  const { text, path } = source;
  const parsed = await readYaml(text, path);
  const map = parsed.root?.kind === 'map' ? parsed.root : null;
  const nothing = { root: null, overlay: null, source, sources: new Map<string, string>() };
  if (!looksLikeOurs(text, map) && text.trim() !== '') return { ...nothing, problems: [notAPolicy(path)] };
  const sources = new Map([[path, text]]);
  const wrong = map && wrongKind(map, 'Policy');
  if (wrong) return { ...nothing, sources, problems: [wrong] };
  const problems = [...parsed.problems, ...(parsed.root ? checkForm(parsed.root, POLICY, titles) : [])];
  if (!map) return { ...nothing, sources, problems };
  const root = withoutExtensions(map);
  const draft = readPolicy(valueOf(root, 'policy'));
  const all = inFileOrder([...problems, ...checkPolicyDraft(draft)], [path]);
  const isWrong = all.some(({ severity }) => severity === 'error');
  return { problems: all, root, overlay: isWrong ? null : overlayOf(root), source, sources };
}

/** The keys of a policy file with their values. */
function overlayOf(root: YamlMap): PolicyOverlay {
  const policy = valueOf(root, 'policy');
  const whole = buildPolicy(readPolicy(policy));
  const kept = (Object.keys(whole) as (keyof Policy)[]).filter((key) => valueOf(policy, key) !== null);
  return Object.fromEntries(kept.map((key) => [key, whole[key]]));
}

/** The origin of a policy file, relative to the manifests that it applies to. */
export async function policyOrigin(
  { path, commit, digest, isBeside }: PolicySource,
  manifests: readonly string[],
): Promise<PolicyOrigin> {
  return { path, commit, digest, inWorkingTree: await isBeside(manifests) };
}

/** Messages never quote other files, because the name may have been chosen to reveal a secret. */
function notAPolicy(path: string): Problem {
  return problem('missing-key', 'this file is not a policy file: it has no apiVersion', {
    where: startOfFile(path),
    hint: 'a policy file starts with apiVersion: domo-roles/v1 and kind: Policy',
  });
}

function looksLikeOurs(text: string, root: YamlMap | null): boolean {
  if (namesOurVersion(text)) return true;
  return root !== null && !root.entries.has('formatVersion') && root.entries.has('apiVersion');
}
