import { rowsOf } from './schema-rows.mjs';
import { readSchemas, table } from './sources.mjs';

const schema = readSchemas().find(({ name }) => name === 'manifest').schema;

/** The parts of a manifest, each with the keys that it may hold. */
const PARTS = [
  ['A manifest', schema],
  [
    'A role',
    schema.$defs.role,
    'A key of `roles`. Its value may be left empty: the role must then exist, and no more.',
  ],
  ['Grants as a map', schema.$defs.grantMap, '`roles.NAME.grants`, where a plain list is not enough.'],
  ['Members as a map', schema.$defs.memberMap, '`roles.NAME.members`, where a plain list is not enough.'],
  [
    'A member as a map',
    schema.$defs.member.anyOf[1],
    'An entry of a list of members, where an address is not enough: `email` or `id`, or both, of which the id decides (see *A person as a map*). See [timed access](../how-to/timed-access.md).',
  ],
  [
    'A person as a map',
    schema.$defs.person.anyOf[1],
    'An entry of `members.remove`, `policy.requiredAdmins`, `exceptPeople` of a rule or `people` of accepted drift: `email` or `id`, or both. The id decides. An address beside it that another live account has is refused (`ambiguous-person`); one that no account has is a warning (`address-changed`).',
  ],
  [
    'Policy',
    schema.$defs.policy,
    'Every plan and drift names at its top the guards that are weaker than their defaults on this instance (`minAdmins: 0`, a limit above the figure of its default, a default protected grant left out, `unmanagedRoles: ignore`), the rules, and the accepted drift in force. A policy file can be laid over it: see [the policy under review](../how-to/policy-under-review.md).',
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
support completes and explains all of this: put the schema beside the manifest,

\`\`\`console
$ domo-roles schema > manifest.schema.json
\`\`\`

and let the manifest begin with

\`\`\`yaml
# yaml-language-server: $schema=manifest.schema.json
\`\`\`

**What is left out is not managed and never touched.** That holds for \`grants\`, \`members\`, \`description\`,
\`defaultRole\` and \`allowlist\`. An empty list, or a key without a value, is refused for \`grants\`, \`members\` and
\`allowlist\`, since it is more likely an accident than a wish.

Unknown keys and duplicate keys are errors. \`domo-roles validate\` reports them all at once, with their places.
Keys that begin with \`x-\` are yours: they may hold anything and have no effect. They are allowed in every map but
\`roles\`, \`grantSets\` and \`policy.rules\`, whose keys are names.

${parts.join('\n\n')}

## Several files

- \`extends\` takes one base or a list. Each file is laid once, after all that it extends, as listed. Maps merge by
  key; everything else replaces. Later bases win over earlier ones, and the file wins over all. \`removed\` in a file wins
  over a role of its base, and a role in a file over \`removed\` of its base.
- \`inherit: true\` in \`grants\` or \`members\` takes what lies below as finished, then this map. An entry of \`users\` or
  \`file\` takes the place of one below for the same person. \`mode\` is this map's, else the one below. Names of sets and
  roles mean what the whole manifest says. With nothing below it is an error (\`inherit-nothing\`).
- A map that replaces a list of its base, whole or under the same key, without \`inherit\` is a warning
  (\`replaces-base\`); \`inherit: false\` says that it is meant. A plain list says so by itself.
- \`unmanaged\` in place of \`grants\`, \`members\`, \`allowlist\` or a whole role, and \`{ unmanaged: true }\` in place of
  \`description\` and \`defaultRole\`, drop what lies below. A later file may want it again. Where nothing lies below it is a
  warning (\`unmanaged-no-effect\`).
- A role that is marked as unmanaged is left alone: it is not reported, not failed and not deleted, and out of what a base
  removes. Its name elsewhere in the manifest means the live role. Beside \`removed\` in one file it is an error. See
  [bases and overlays](../how-to/bases-and-overlays.md).
- Several files on the command line, or a folder's own \`*.yaml\` and \`*.yml\`, are one manifest: \`roles\`,
  \`grantSets\`, \`removed\` and \`acceptedDrift\` join. The same role or any other key said twice is an error that
  shows both places.
- Paths are relative to the file that says them. Members files stay within its folder. Bases stay within the folder
  where the command started, or the git repository of the manifest.

## How a role is found

By \`id\`, else by its exact name. A pin whose live name differs renames the role; a pin that is not live is an
error, never a create. \`renamedFrom\` acts while the role's own name is not live. When only a name is live that
differs in case, blanks, invisible characters or how letters are composed, the plan is refused, with the exact name in
the hint. The same holds for every other name in the manifest. A name of a role must not be near that of a system role,
and holds no invisible characters. See [rename a role](../how-to/rename.md).
`;
}
