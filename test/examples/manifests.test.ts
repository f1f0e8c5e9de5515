import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { validateManifest } from '../../src/manifest/load/load.js';
import { MANIFEST_SCHEMA_URL } from '../../src/export/export-manifest.js';
import { checkAgainstCatalogue } from '../../src/manifest/load/loaded-manifest.js';
import { company } from '../export/support.js';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const manifests = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /^(?:manifests|quickstart)\/.*\.ya?ml$/u.test(file));

describe('the example manifests', () => {
  it('exist', () => expect(manifests.length).toBeGreaterThanOrEqual(6));

  it.each(manifests)('%s is valid and has no warnings', async (file) => {
    const { problems, manifest } = await validateManifest([file], { cwd: EXAMPLES });
    expect(problems).toEqual([]);
    expect(manifest).not.toBeNull();
  });

  it.each(manifests)('%s names only existing grants, with all their dependencies', async (file) => {
    const { manifest } = await validateManifest([file], { cwd: EXAMPLES });
    const { catalogue, roles } = company();
    const held = new Set(roles.flatMap(({ grants }) => grants));
    if (!manifest) throw new Error('the manifest is not valid');
    expect(
      checkAgainstCatalogue(manifest, catalogue, held).filter(({ severity }) => severity === 'error'),
    ).toEqual([]);
  });

  it.each(manifests.filter((file) => !file.endsWith('base.yaml')))(
    '%s refers editors to the schema',
    (file) => {
      const [first = ''] = readFileSync(join(EXAMPLES, file), 'utf8').split('\n');
      const path = /^# yaml-language-server: \$schema=(.+)$/u.exec(first)?.[1] ?? '';
      const schema = parse(readFileSync(join(EXAMPLES, file, '..', path), 'utf8')) as { $id: string };
      expect(schema.$id).toBe(MANIFEST_SCHEMA_URL);
    },
  );

  it('use the same instance within one lesson', async () => {
    const instances = await Promise.all(
      ['production', 'staging'].map(async (name) => {
        const found = await validateManifest([`manifests/many-instances/${name}.yaml`], { cwd: EXAMPLES });
        return found.manifest?.manifest.instance;
      }),
    );
    expect(instances).toEqual(['acme', 'acme-staging']);
  });
});

describe('the editor settings', () => {
  it('map the published schema address to the default manifest', () => {
    const settings = JSON.parse(readFileSync(join(EXAMPLES, '.vscode/settings.json'), 'utf8')) as {
      'yaml.schemas': Record<string, string[]>;
    };
    expect(settings['yaml.schemas'][MANIFEST_SCHEMA_URL]).toContain('domo-roles.yaml');
  });
});
