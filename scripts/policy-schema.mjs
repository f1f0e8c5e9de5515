import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionsFor, writeSchema } from './schema-parts.mjs';

/** The parts of a manifest's schema that a policy file shares. */
const SHARED = ['apiVersion', 'kind', 'policy'];

/**
 * The schema of a policy file. Its `policy` is that of a manifest, so it is generated from the manifest's schema.
 */
function policySchemaOf(manifest) {
  const { apiVersion, policy } = manifest.properties;
  const schema = {
    $schema: manifest.$schema,
    $id: manifest.$id.replace('manifest.v1', 'policy.v1'),
    title: 'domo-roles policy file',
    description:
      'A policy that --policy applies on top of every manifest. Its keys replace those of the manifest; requiredAdmins, protectedGrants and rules are joined with them.',
    markdownDescription:
      'A policy that `--policy` applies on top of every manifest. Its keys **replace** those of the manifest; `requiredAdmins`, `protectedGrants` and `rules` are **joined** with them.',
    type: 'object',
    additionalProperties: false,
    patternProperties: manifest.patternProperties,
    required: SHARED,
    properties: {
      apiVersion: { ...apiVersion, title: "Version of the file's format" },
      kind: { ...manifest.properties.kind, const: 'Policy' },
      policy,
    },
  };
  return { ...schema, $defs: definitionsFor(schema, manifest.$defs) };
}

/** Writes the schema of a policy file next to that of the manifest, if it differs. */
export async function writePolicySchema(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.v1.schema.json'), 'utf8'));
  await writeSchema(join(folder, 'policy.v1.schema.json'), policySchemaOf(manifest));
}
