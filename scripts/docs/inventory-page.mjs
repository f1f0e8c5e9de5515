import { rowsOf } from './schema-rows.mjs';
import { readSchemas, table } from './sources.mjs';

const { schema } = readSchemas().find(({ name }) => name === 'inventory');

/** The parts of an inventory, each with the keys that it may hold. */
const PARTS = [
  ['An inventory', schema],
  [
    'An instance',
    schema.$defs.instance,
    'An entry of `instances`. Its key is the name of the instance, a DNS label in lower case: `acme` for https://acme.domo.com. Its value may be empty.',
  ],
  [
    'Suspended',
    schema.$defs.suspended,
    'An entry with `suspended` is left out of every run, without being a failure. Once its day has passed, it counts as active again, with a warning.',
  ],
  ['A table of instances', schema.$defs.table, 'An entry of `instancesFrom`.'],
  [
    'A wave',
    schema.$defs.wave,
    'An entry of `waves`. Each instance belongs to the first wave that matches. Instances that match none come last, in the wave `rest`.',
  ],
  [
    'Policy',
    schema.$defs.fleetPolicy,
    'The key `policy`. Limits for the plan of one instance are in the policy of its manifest.',
  ],
];

/** Every key of an inventory, from its schema. */
export function inventoryPage() {
  const parts = PARTS.map(([head, part, where]) => {
    const text = [where, part.markdownDescription ?? part.description].filter(Boolean).join(' ');
    return `## ${head}\n\n${text}\n\n${table(['key', 'what it is', 'example'], rowsOf(part, schema))}`;
  });
  return `
# The inventory

Every key of \`fleet.yaml\`, from [its JSON Schema](../../schemas/inventory.v1.schema.json). An editor with YAML support
completes and explains all keys. Put the schema beside the inventory,

\`\`\`console
$ domo-roles schema inventory > inventory.schema.json
\`\`\`

and let the inventory begin with

\`\`\`yaml
# yaml-language-server: $schema=inventory.schema.json
\`\`\`

An inventory holds no addresses and no credentials: see [from a dozen instances to a thousand](../how-to/fleet.md). Every
command first checks the whole inventory and reports all problems at once. Keys that begin with \`x-\` are for your own use.

${parts.join('\n\n')}

## Labels and placeholders

A label has a name (letters, digits, \`_\` and \`-\`, beginning with a letter) and a value (letters, digits, \`.\`, \`_\` and \`-\`,
beginning with a letter or digit), each of at most 63 characters. In a path to a manifest \`{name}\` stands for the name of the
instance and \`{label}\` for the value of that label. A label that an instance lacks is an error. There are no placeholders
anywhere else.

A term of \`waves[].where\` and of \`--where\` is \`label=value\`, \`label=one|other\` or \`label!=value\`. A term with \`!=\` also matches
an instance without the label. An instance must match all terms.

## Tables

A table is CSV in UTF-8 with commas, semicolons or tabs. Its first row names the columns: \`name\` is needed, \`manifest\` and
the columns under \`labels\` are read, all others are ignored. A column that holds one of them and a delimiter, such as
\`manifest,owner\` in a table with semicolons, is an error. An empty cell is not a label. A \`'\` before \`=\`, \`+\`, \`-\` or \`@\`, which
keeps spreadsheets from reading a formula, is not part of the value. A name in two rows is an error. A row and an entry with the
same name are one instance: the keys of the entry override the row, label by label.

## Paths

Paths in an inventory and in its overlays are relative to it. Manifests, tables and links must stay in the git repository.
Without a repository they must stay in the folder of the inventory or in the working directory.

## Overlays

\`overlay\` holds keys of [the manifest](manifest.md), except \`apiVersion\`, \`kind\`, \`instance\` and \`extends\`. It overrides the
manifest of its instance like a file that extends it: see [bases and overlays](../how-to/bases-and-overlays.md). A manifest whose
\`instance\` differs from the name of its entry is an error (\`other-instance\`).
`;
}
