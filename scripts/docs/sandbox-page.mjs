import { behaviourTable, probedTable } from './sandbox-behaviour.mjs';
import { code, loadSource, table } from './sources.mjs';

const AFFECTED = {
  any: 'any request',
  writes: 'writes',
  lists: 'reads of lists',
  pages: 'lists that declare a total',
};

/** The embedded instance, with its tables of quirks and faults. */
export async function sandboxPage() {
  const { QUIRKS } = await loadSource('sandbox/quirks.ts');
  const { FAULTS } = await loadSource('sandbox/faults.ts');
  return `
# The sandbox

The sandbox is a Domo instance inside this program: every role endpoint, with the refusals, oddities and failures
of the real ones. It shares no code with the client that talks to it, so the two cannot agree on a mistake.
Use it to learn, to try a manifest, and to test your own scripts.

## In a command

\`--sandbox\` makes it the target. Its state is one file below \`.domo-roles/sandbox\`, or below the folder that you
name: \`--sandbox my-folder\`. It starts as a small company.

\`\`\`console
$ domo-roles get roles --sandbox
       id  name            grants  members  default  description
        1  Admin              103        6           Has all grants and manages the instance
        2  Privileged          47        4  default  Edits all content and invites people
        3  Editor              39        5           Edits content
        4  Participant         11        8           Views and exports content
        5  Social               2        3           Views content that was shared
158233404  Old Reporting        2        0
271840365  Data Engineer        9        2           Keeps connectors and dataflows running
604118927  Finance Viewer       2        4           Reads the finance pages
810756122  Data Analyst        12        5           Builds cards and data sets
939502218  People Manager       8        2           Invites people and keeps groups in order
$ domo-roles get members "Data Analyst" --sandbox
$ domo-roles sandbox show
$ domo-roles sandbox reset
\`\`\`

A plan that was made on a sandbox says so, and applies to nothing else. The manifest's \`instance\` is not compared.

## On a port

\`sandbox serve\` answers over HTTP on this machine, for other programs and for this one. It prints its address and
the access token of an Admin.

\`\`\`sh
domo-roles sandbox serve --port 8080
domo-roles sandbox serve --memory --quirks grants-put-only,late-visibility=200
domo-roles sandbox serve --memory --faults '429=2;path=/roles$;nth=2,reset;rate=0.05' --seed 7
\`\`\`

It may share its folder with commands that use \`--sandbox\`: each sees what the other has written. They write one at a time, so no write is lost.

Every call that it answers is listed in [what is known of Domo's API](domo-api.md). A program that was written for
Domo needs another address and token, nothing else:

\`\`\`sh
curl -H "X-DOMO-Developer-Token: $TOKEN" http://127.0.0.1:8080/api/authorization/v1/roles
\`\`\`

## How surely it behaves like Domo

The table shows what the sandbox does without quirks. The marks name the sources and are explained in
[what is known of Domo's API](domo-api.md); *assumed* means that no source confirms it.

${behaviourTable()}

## What can be found out on an instance

\`domo-roles doctor --probe\` finds these facts on a real instance, with reads and with throwaway roles without
people. Each fact has a quirk here. \`sandbox serve --like probe.json\` sets the quirks of a report, so that the
sandbox behaves like that instance.

${probedTable()}

A probe cannot find two facts: whether one unknown user id refuses the whole request, and what
\`allowlistRoleIds: null\` does. They need real people and the real settings.

## Quirks

A quirk is an unusual behaviour that you can switch on. The last column names the sources with the same marks; *assumed* quirks
are possible but were not seen. \`--quirks a,b=VALUE\` takes names separated by commas; \`all\` switches on
all quirks that can be combined.

${table(
  ['quirk', 'what it does', 'value', 'in `all`', 'seen'],
  QUIRKS.map(({ name, description, value, inAll, evidence }) => [
    code(name),
    description,
    value ? `${value.unit}, default ${value.preset}` : '',
    inAll ? 'yes' : 'no',
    evidence.join(', '),
  ]),
)}

## Faults

A fault is an injected failure. \`--faults\` takes names separated by commas. Fields after a semicolon limit a
fault:

| field | means |
| --- | --- |
| \`method=GET\` | only requests of this method |
| \`path=REGEX\` | only paths that match; without it, all |
| \`nth=N\` | from the Nth matching request on; default 1 |
| \`times=N\` | this many matching requests in a row; default 1, 0 means no limit |
| \`rate=0.05\` | the chance of each matching request, decided by \`--seed\` |

${table(
  ['fault', 'what it does', 'applies to', 'value'],
  FAULTS.map(({ name, description, affects, value }) => [
    code(name),
    description,
    AFFECTED[affects],
    value ? `${value.unit}, default ${value.preset}` : '',
  ]),
)}
`;
}
