import { rowsOf } from './schema-rows.mjs';
import { readSchemas, table } from './sources.mjs';

const schema = readSchemas().find(({ name }) => name === 'manifest').schema;

/** The parts of a manifest, each with the keys that it may hold. */
const PARTS = [
  ['A manifest', schema],
  [
    'A role',
    schema.$defs.role,
    'A key of `roles`. Its value may be left empty: then only the existence of the role is managed.',
  ],
  ['Grants as a map', schema.$defs.grantMap, '`roles.NAME.grants`, where a plain list is not enough.'],
  ['Members as a map', schema.$defs.memberMap, '`roles.NAME.members`, where a plain list is not enough.'],
  [
    'A member as a map',
    schema.$defs.member.anyOf[1],
    'An entry of a list of members, where an address is not enough: `email` or `id`, or both. The id decides (see *A person as a map*). See [timed access](../how-to/timed-access.md).',
  ],
  [
    'A person as a map',
    schema.$defs.person.anyOf[1],
    'An entry of `members.remove`, `policy.requiredAdmins`, `exceptPeople` of a rule or `people` of accepted drift: `email` or `id`, or both. The id decides. If another live account has the address, or an address without an `id` is that of two live accounts, the plan is refused (`ambiguous-person`). If no account has it, there is a warning (`address-changed`).',
  ],
  [
    'Policy',
    schema.$defs.policy,
    'Every plan and drift names at its top the guards that are weaker than their defaults on this instance (`minAdmins: 0`, a limit above the figure of its default, a default protected grant left out, `unmanagedRoles: ignore`), the rules, and the accepted drift in force. A policy file can be applied over it: see [the policy under review](../how-to/policy-under-review.md).',
  ],
  [
    'A rule',
    schema.$defs.rule,
    'An entry of `policy.rules`, under its name. See [separation of duties](../how-to/separation-of-duties.md).',
  ],
  ['Accepted drift', schema.$defs.acceptedDrift, 'An entry of `policy.acceptedDrift`.'],
];

/** Every key of a manifest, from its schema. */
export function manifestPage() {
  const parts = PARTS.map(([head, part, where]) => {
    const text = [where, part.markdownDescription ?? part.description].filter(Boolean).join(' ');
    return `## ${head}\n\n${text}\n\n${table(['key', 'what it is', 'example'], rowsOf(part, schema))}`;
  });
  return `
# The manifest

Every key of a manifest, from [its JSON Schema](../../schemas/manifest.v1.schema.json). An editor with YAML
support completes and explains these keys. Save the schema beside the manifest:

\`\`\`console
$ domo-roles schema > manifest.schema.json
\`\`\`

Then begin the manifest with this line:

\`\`\`yaml
# yaml-language-server: $schema=manifest.schema.json
\`\`\`

**What is left out is not managed and never touched.** This applies to \`grants\`, \`members\`, \`description\`,
\`defaultRole\` and \`allowlist\`. An empty list, or a key without a value, is an error for \`grants\`, \`members\` and
\`allowlist\`, because it is probably an accident.

Unknown keys and duplicate keys are errors. \`domo-roles validate\` reports them all at once, with their places.
Keys that begin with \`x-\` are for your own use: they may contain anything and have no effect. They are allowed in every map
except \`roles\`, \`grantSets\` and \`policy.rules\`, whose keys are names.

${parts.join('\n\n')}

## Several files

- \`extends\` takes one base or a list. Each file is applied once, after all files that it extends, in the listed order. Maps
  merge by key; all other values are replaced. Later bases override earlier ones, and the file overrides its bases. \`removed\`
  in a file overrides a role of its base, and a role in a file overrides \`removed\` of its base.
- \`inherit: true\` in \`grants\` or \`members\` starts from the finished list of the bases, then applies this map. An entry of
  \`users\` or \`file\` replaces an entry of a base for the same person. \`mode\` is the one of this map, or else of the bases.
  Names of sets and roles refer to the whole manifest. Without a list in a base it is an error (\`inherit-nothing\`).
- A map without \`inherit\` that replaces a list of its base, whole or under the same key, is a warning (\`replaces-base\`).
  \`inherit: false\` declares that this is intended. A plain list needs no such key.
- \`unmanaged\` in place of \`grants\`, \`members\`, \`allowlist\` or a whole role, and \`{ unmanaged: true }\` in place of
  \`description\` and \`defaultRole\`, drop what the bases set. A later file may set it again. If no base sets it, it is a
  warning (\`unmanaged-no-effect\`).
- A role that is marked as unmanaged is left alone. It is not reported, it fails no plan, and it is not deleted, even if a
  base removes it. Elsewhere in the manifest, its name refers to the live role. In one file with \`removed\` of the same
  name it is an error. See [bases and overlays](../how-to/bases-and-overlays.md).
- Several files on the command line, or the \`*.yaml\` and \`*.yml\` files of a folder (without subfolders), are one manifest.
  \`roles\`, \`grantSets\`, \`removed\` and \`acceptedDrift\` are joined. The same role in two files, or any other key in two
  files, is an error that shows both places.
- Paths are relative to the file that contains them. Members files stay within its folder. Bases stay within the folder
  where the command started, or within the git repository of the manifest.

## How a role is found

A role is found by \`id\`, or else by its exact name. A pin whose live name differs renames the role. A pin that is not live is
an error; no role is created. \`renamedFrom\` has an effect while the role's own name is not live. If only a similar name is
live, which differs in case, blanks, invisible characters or how letters are composed, the plan is refused, and the hint
shows the exact name. The same applies to every other name in the manifest. The name of a role must not be similar to that of a
system role, and must not contain invisible characters. See [rename a role](../how-to/rename.md).
`;
}
