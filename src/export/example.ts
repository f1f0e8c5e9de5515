import { MANIFEST_SCHEMA_URL, type ExportedFile } from './export-manifest.js';

/**
 * What `init` writes without an instance to export: a manifest that is valid as it stands, explains itself,
 * and is refused on every instance but the one that its reader names.
 */
export function exampleManifest(options: { schemaUrl?: string } = {}): ExportedFile[] {
  const text = `# yaml-language-server: $schema=${options.schemaUrl ?? MANIFEST_SCHEMA_URL}
#
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
    # Additive: these people are put into the role, and nobody is taken out.
    members:
      mode: additive
      users:
        - ana@example.com

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
  return [{ path: 'domo-roles.yaml', text }];
}

/**
 * A GitHub workflow that checks a pull request and shows its plan. `version` is the release of `domo-roles`
 * that it runs, so that a new one comes by a pull request too; without it, whichever is the latest.
 */
export function ciWorkflow(options: { version?: string } = {}): ExportedFile {
  const name = options.version === undefined ? 'domo-roles' : `domo-roles@${options.version}`;
  const text = `name: domo-roles
on:
  pull_request:
    paths:
      - domo-roles.yaml
      - domo-roles/**
      - members/**
      - .github/workflows/domo-roles.yml

# The job reads the repository and nothing else.
permissions:
  contents: read

jobs:
  plan:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - name: Validate
        run: npx --yes ${name} validate --format github
      # Pull requests from forks get no secrets: they are validated only.
      - name: Plan
        if: github.event.pull_request.head.repo.full_name == github.repository
        env:
          DOMO_INSTANCE: \${{ vars.DOMO_INSTANCE }}
          DOMO_ACCESS_TOKEN: \${{ secrets.DOMO_ACCESS_TOKEN }}
        # Exit 4: refused by a guard, 3: the manifest names what the instance does not have.
        run: npx --yes ${name} plan --report markdown=plan.md
      - name: Show the plan
        if: always() && hashFiles('plan.md') != ''
        run: cat plan.md >> "$GITHUB_STEP_SUMMARY"
`;
  return { path: '.github/workflows/domo-roles.yml', text };
}

/** Lines for `.gitignore`: run folders, which name people, and the file with the token. */
export function ignoreFile(): ExportedFile {
  return { path: '.gitignore', text: '.domo-roles/\n.env\n' };
}
