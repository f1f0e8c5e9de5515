import { parseCatalogue } from '../../manifest/catalogue-file.js';
import { validateManifest } from '../../manifest/load.js';
import { problemsGithub } from '../../render/ci/problems-github.js';
import { problemsJson } from '../../render/ci/problems-json.js';
import { problemsSarif } from '../../render/ci/problems-sarif.js';
import { problemsText } from '../../render/text/problems.js';
import { oneLine } from '../../render/format/one-line.js';
import { EXIT, exitOfProblems } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { readTextFile } from '../../shell/input.js';
import { openPlaces } from '../../shell/repository.js';
import { print } from '../../shell/deliver.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';

export const VALIDATE_FORMATS = ['text', 'json', 'github', 'sarif'] as const;

export interface ValidateFlags {
  manifest: readonly string[];
  catalogue?: string | undefined;
  format: (typeof VALIDATE_FORMATS)[number];
}

/** `validate`: every problem of a manifest at once, without a network. */
export async function validate(flags: ValidateFlags, world: Environment): Promise<Exit> {
  const catalogue =
    flags.catalogue === undefined
      ? undefined
      : parseCatalogue(await readTextFile(flags.catalogue, world), flags.catalogue);
  const found = await validateManifest(flags.manifest, {
    cwd: world.cwd,
    ...(catalogue ? { catalogue } : {}),
  });
  const files = found.files.map((file) => file.path);
  await print(world, told());
  return found.manifest ? EXIT.done : exitOfProblems(found.problems);

  function told(): string {
    switch (flags.format) {
      case 'json':
        return problemsJson(found.problems, files);
      case 'github':
        return problemsGithub(found.problems, openPlaces(world));
      case 'sarif':
        return problemsSarif(found.problems, { version: world.version, files, placeOf: openPlaces(world) });
      case 'text': {
        const text = problemsText(found.problems, {
          sources: found.sources,
          colour: mayColour(world.stdout, world.env),
        });
        if (!found.manifest) return text;
        const { roles, removed } = found.manifest.manifest;
        const counts = `${roles.length} ${roles.length === 1 ? 'role' : 'roles'}${removed.length > 0 ? `, ${removed.length} removed` : ''}`;
        return `${text}${files.map(oneLine).join(', ')}: valid (${counts})\n`;
      }
    }
  }
}
