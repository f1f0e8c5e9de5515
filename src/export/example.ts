import { MANIFEST_SCHEMA_URL, type ExportedFile } from './export-manifest.js';

/** The example without the line that names its schema. */
const EXAMPLE = `#
# An example to be edited. Start with \`instance\`, then make the roles yours, and run
#   domo-roles validate     checks this file, without a network
#   domo-roles plan         shows what would change, and writes nothing
#   domo-roles apply        does what the plan says
# Rather start from what is live? \`domo-roles export\` writes this file from your instance.

apiVersion: domo-roles/v1
kind: Roles

# acme for acme.domo.com. On any other instance this file is refused.
instance: your-instance

# What is left out is not managed and never touched. These two are yours to take in:
# defaultRole: Participant
# allowlist: [Participant, Data Analyst]

# Named lists of grants, for roles to share.
grantSets:
  authoring:
    - content.card.analyzerview
    - content.card.edit
    - content.page.edit

roles:
  # A role's name is its key. It is made if it is not there.
  Data Analyst:
    description: Builds cards and data sets
    grants:
      from: [Participant] # all that this role holds
      sets: [authoring]
      add:
        - dataset.export
        - dataset.manage
    # Additive: these people are added to the role, and no one is removed.
    members:
      mode: additive
      users:
        - ana@acme.com

  # A plain list of grants is exact: nothing else is held.
  Finance Viewer:
    description: Reads the finance pages
    grants:
      - alert.edit
      - content.export
    # A plain list of people would be exact too:
    # members:
    #   - bo@example.com

  # To rename a role and keep its people:
  # Report Reader:
  #   renamedFrom: [Old Reporting]

# Roles that must not exist. Their people go where \`removedMembersTo\` says.
removed: []

policy:
  # Live roles that this file does not name: ignore, report, fail or delete.
  unmanagedRoles: report
  removedMembersTo: Participant
  # At least so many active people must be able to manage roles.
  minAdmins: 2
  # requiredAdmins: [root@example.com]
`;

/**
 * The manifest that `init` writes without an instance to export. It is valid, and no instance accepts it until the user
 * sets `instance`.
 */
export function exampleManifest(options: { schemaUrl?: string } = {}): ExportedFile[] {
  const modeline = `# yaml-language-server: $schema=${options.schemaUrl ?? MANIFEST_SCHEMA_URL}\n`;
  return [{ path: 'domo-roles.yaml', text: `${modeline}${EXAMPLE}` }];
}

/** The workflow, with `ACTION` as the placeholder for the action and its version. */
const WORKFLOW = `# Checks every pull request and keeps one comment on it that shows its plan.
#
# Needs: the variable DOMO_INSTANCE and the secret DOMO_ACCESS_TOKEN of the repository. Make the token of an
# account that may read roles and people and nothing more: a plan never writes.
# Give the action by a commit instead of a tag where your rules ask for it.
# A pull request can change the policy that it is judged by. To judge it by a file that it cannot change, give each
# step \`policy: origin/main:policy.yaml\` and the checkout \`fetch-depth: 0\` (docs/how-to/policy-under-review.md).
name: domo-roles plan
on:
  pull_request:
    types: [opened, synchronize, reopened, labeled, unlabeled]
    paths: [domo-roles.yaml, domo-roles/**, members/**, .github/workflows/domo-roles-plan.yml]

permissions:
  contents: read
  # For the comment. On a pull request from a fork GitHub gives no right to write: the plan is in the summary.
  pull-requests: write

# An older run must not overwrite the comment of a newer one.
concurrency:
  group: \${{ github.workflow }}-\${{ github.event.pull_request.number }}
  cancel-in-progress: true

jobs:
  plan:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    env:
      IS_FORK: \${{ github.event.pull_request.head.repo.full_name != github.repository }}
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false

      - name: Validate
        uses: ACTION
        with:
          mode: validate

      - name: Plan
        if: env.IS_FORK == 'false'
        uses: ACTION
        with:
          mode: plan
          instance: \${{ vars.DOMO_INSTANCE }}
          token: \${{ secrets.DOMO_ACCESS_TOKEN }}
          plan-file: plan.json
          report: html=plan.html
          # Who may set labels may let this one guard pass for the preview. An apply asks again.
          allow: \${{ contains(github.event.pull_request.labels.*.name, 'allow-escalation') && 'escalation' || '' }}
          reason: the label allow-escalation on pull request \${{ github.event.pull_request.number }}

      # A fork gets no secrets. With a snapshot in the repository it is planned offline:
      # domo-roles export --format snapshot > domo-roles.snapshot.json (it names people).
      - name: Plan against the snapshot
        if: env.IS_FORK == 'true' && hashFiles('domo-roles.snapshot.json') != ''
        uses: ACTION
        with:
          mode: plan
          against: domo-roles.snapshot.json
          plan-file: plan.json
          report: html=plan.html

      - name: Keep the page
        if: always() && hashFiles('plan.html') != ''
        uses: actions/upload-artifact@v4
        with:
          name: domo-roles-plan-page
          path: plan.html
          retention-days: 14
`;

/**
 * A GitHub workflow that checks a pull request and shows its plan; `examples/ci/github` has the same text. `version`
 * pins the release of the action, so that updates need a pull request. Default: the newest release of this major
 * version.
 */
export function ciWorkflow(options: { version?: string } = {}): ExportedFile {
  const text = WORKFLOW.replaceAll('ACTION', `domo-roles/domo-roles@v${options.version ?? '0'}`);
  return { path: '.github/workflows/domo-roles-plan.yml', text };
}

/** Lines for `.gitignore`: run folders, which name people, and the file with the token. */
export function ignoreFile(): ExportedFile {
  return { path: '.gitignore', text: '.domo-roles/\n.env\n' };
}
