import { MANIFEST_SCHEMA_URL, type ExportedFile } from './export-manifest.js';

/** The example without the line that names its schema. */
const EXAMPLE = `#
# An example to edit. Set \`instance\`, replace the roles with your own, then run
#   domo-roles validate     to check this file without a network
#   domo-roles plan         to show what would change; it writes nothing
#   domo-roles apply        to make the changes of the plan
# To start from your instance instead: \`domo-roles export\` writes its roles in this format.

apiVersion: domo-roles/v1
kind: Roles

# For example acme, for acme.domo.com. This file is refused on any other instance.
instance: your-instance

# What is left out is not managed and never touched. To manage these two as well:
# defaultRole: Participant
# allowlist: [Participant, Data Analyst]

# Named lists of grants that several roles can use.
grantSets:
  authoring:
    - content.card.analyzerview
    - content.card.edit
    - content.page.edit

roles:
  # The key is the name of the role. A role that does not exist is created.
  Data Analyst:
    description: Builds cards and data sets
    grants:
      from: [Participant] # all grants of this role
      sets: [authoring]
      add:
        - dataset.export
        - dataset.manage
    # Additive: these people are added to the role, and no one is removed.
    members:
      mode: additive
      users:
        - ana@acme.com

  # A plain list of grants is exact: all other grants are removed.
  Finance Viewer:
    description: Reads the finance pages
    grants:
      - alert.edit
      - content.export
    # A plain list of people is exact too:
    # members:
    #   - bo@example.com

  # To rename a role and keep its people:
  # Report Reader:
  #   renamedFrom: [Old Reporting]

# Roles to delete. Their people move to the role in \`removedMembersTo\`.
removed: []

policy:
  # What to do with live roles that this file does not name: ignore, report, fail or delete.
  unmanagedRoles: report
  removedMembersTo: Participant
  # The fewest active people who can manage roles.
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
# Needs: the variable DOMO_INSTANCE and the secret DOMO_ACCESS_TOKEN of the repository. Use the token of an
# account that can only read roles and people: a plan never writes.
# If your rules require it, name the action by a commit instead of a tag.
# A pull request can change the policy in the manifest. To use a policy file that it cannot change, give each
# step \`policy: origin/main:policy.yaml\` and the checkout \`fetch-depth: 0\` (docs/how-to/policy-under-review.md).
name: domo-roles plan
on:
  pull_request:
    types: [opened, synchronize, reopened, labeled, unlabeled]
    paths: [domo-roles.yaml, domo-roles/**, members/**, .github/workflows/domo-roles-plan.yml]

permissions:
  contents: read
  # For the comment. GitHub grants no write access to a pull request from a fork: its plan is in the summary.
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
          # People who can set labels can allow this guard for the preview. An apply checks it again.
          allow: \${{ contains(github.event.pull_request.labels.*.name, 'allow-escalation') && 'escalation' || '' }}
          reason: the label allow-escalation on pull request \${{ github.event.pull_request.number }}

      # A fork gets no secrets. If the repository has a snapshot, the plan is made offline:
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
