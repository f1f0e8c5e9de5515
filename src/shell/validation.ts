import { parseCatalogue } from '../manifest/catalogue-file.js';
import { validateManifest } from '../manifest/load.js';
import type { Validation } from '../manifest/load.js';
import { problemsGithub } from '../render/ci/problems-github.js';
import { problemsJson } from '../render/ci/problems-json.js';
import { problemsSarif } from '../render/ci/problems-sarif.js';
import { oneLine } from '../render/format/one-line.js';
import { problemsText } from '../render/text/problems.js';
import type { Environment } from './environment.js';
import type { ValidateFormat } from './formats.js';
import { readTextFile } from './input.js';
import { openPlaces } from './repository.js';

/** Checks a manifest without a network; with a catalogue file its grants too. */
export async function checkManifest(
  { manifest, catalogue }: { manifest: readonly string[]; catalogue?: string | undefined },
  world: Environment,
): Promise<Validation> {
  const known =
    catalogue === undefined
      ? {}
      : { catalogue: parseCatalogue(await readTextFile(catalogue, world), catalogue) };
  return validateManifest(manifest, { cwd: world.cwd, ...known });
}

/** Renders a validation. */
export function validationText(
  found: Validation,
  format: ValidateFormat,
  { world, colour }: { world: Environment; colour: boolean },
): string {
  const files = found.files.map((file) => file.path);
  switch (format) {
    case 'json':
      return problemsJson(found.problems, files);
    case 'github':
      return problemsGithub(found.problems, openPlaces(world));
    case 'sarif':
      return problemsSarif(found.problems, { version: world.version, files, placeOf: openPlaces(world) });
    case 'text': {
      const text = problemsText(found.problems, { sources: found.sources, colour });
      if (!found.manifest) return text;
      const { roles, removed } = found.manifest.manifest;
      const counts = `${roles.length} ${roles.length === 1 ? 'role' : 'roles'}${removed.length > 0 ? `, ${removed.length} removed` : ''}`;
      return `${text}${files.map(oneLine).join(', ')}: valid (${counts})\n`;
    }
  }
}
