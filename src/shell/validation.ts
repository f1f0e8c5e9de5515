import type { Catalogue } from '../model/grant.js';
import { parseCatalogue } from '../manifest/catalogue-file.js';
import { validateManifest } from '../manifest/load/load.js';
import type { Validation } from '../manifest/load/load.js';
import { problemsGithub } from '../render/ci/problems-github.js';
import { problemsJson } from '../render/ci/problems-json.js';
import { problemsSarif } from '../render/ci/problems-sarif.js';
import type { Problem } from '../problem/problem.js';
import { oneLine } from '../render/format/one-line.js';
import { policyFileText, problemsText } from '../render/text/problems.js';
import { noteInputs } from './ledger.js';
import type { Environment } from './environment.js';
import type { ValidateFormat } from './formats.js';
import { readTextFile } from './input.js';
import { repositoryPlaces } from './repository.js';

/** The files to check: a manifest, and optionally a policy file and a catalogue. */
interface CheckedFiles {
  manifest: readonly string[];
  catalogue?: string | undefined;
  policy?: string | undefined;
}

/** Reads the file of `--catalogue`, if it was given. */
export async function readCatalogue(
  file: string | undefined,
  environment: Environment,
): Promise<Catalogue | undefined> {
  return file === undefined ? undefined : parseCatalogue(await readTextFile(file, environment), file);
}

/** Checks a manifest offline; with a catalogue file, its grants too. Records the files as inputs. */
export async function checkManifest(
  { manifest, catalogue, policy }: CheckedFiles,
  environment: Environment,
): Promise<Validation> {
  const known = await readCatalogue(catalogue, environment);
  const found = await validateManifest(manifest, {
    ...{ cwd: environment.cwd, policy },
    ...(known ? { catalogue: known } : {}),
  });
  await noteInputs(environment, found.inputs);
  return found;
}

/** The input of rendering problems. */
interface FoundProblems {
  problems: readonly Problem[];
  files: readonly string[];
  sources: ReadonlyMap<string, string>;
  policyFile?: Validation['policyFile'];
}

/** Renders problems in a format of `validate`. */
export function problemsOutput(
  { problems, files, sources, policyFile = null }: FoundProblems,
  format: ValidateFormat,
  { environment, colour }: { environment: Environment; colour: boolean },
): string {
  switch (format) {
    case 'json':
      return problemsJson(problems, files, policyFile);
    case 'github':
      return problemsGithub(problems, repositoryPlaces(environment));
    case 'sarif':
      return problemsSarif(problems, {
        version: environment.version,
        files,
        placeOf: repositoryPlaces(environment),
      });
    case 'text':
      return problemsText(problems, { sources, colour });
  }
}

/** Renders a validation. */
export function validationText(
  found: Validation,
  format: ValidateFormat,
  { environment, colour }: { environment: Environment; colour: boolean },
): string {
  const files = found.files.map((file) => file.path);
  const text = problemsOutput({ ...found, files }, format, { environment, colour });
  if (format !== 'text') return text;
  const whole = `${text}${policyFileText(found.policyFile)}`;
  if (!found.manifest) return whole;
  const { roles, removed } = found.manifest.manifest;
  const counts = `${roles.length} ${roles.length === 1 ? 'role' : 'roles'}${removed.length > 0 ? `, ${removed.length} removed` : ''}`;
  return `${whole}${files.map(oneLine).join(', ')}: valid (${counts})\n`;
}
