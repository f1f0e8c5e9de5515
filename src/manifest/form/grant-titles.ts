import type { Catalogue, Grant } from '../../model/grant.js';
import { addTo } from '../../model/group.js';
import { memoize } from '../../model/memoize.js';

/**
 * Grants and the titles that Domo's pages show, for manifests that are checked without an instance. Source: a catalogue
 * of 2025. An instance's own catalogue takes precedence.
 */
const TITLES = `
authorization.roles|Manage all roles
authorization.roles.assign|Assign users to a role
entity.attribute.admin|Manage Certified Attributes
audit|View activity logs
customer.edit|Manage all company settings
developer.token.manage|Manage all access tokens and API clients
domo.system.messages|Receive Domo System Messages
payment.manage.card|Manage card payments
user.edit|Manage all users
user.invite|Add new people
user.session.edit|Edit user Sessions
profile.achieve.assign|Assign achievements
group.admin|Manage all groups
group.edit|Edit groups
usage.reports.view|View usage metrics
credit.reports.view|View credit reports
consumption.governance.policy.admin|Manage Consumption Governance Policies
buzz.admin|Edit conversations and messages
approvalcenter.admin|Manage all approvals
tasks.admin|Manage all public Projects and Tasks
tasks.private.admin|Manage all private Projects and Tasks
certifiedcontent.admin|Manage Certified Content
certifiedcontent.request|Request certification
appstore.admin|Manage Appstore
appstore.edit|Use Appstore
appstore.read|View Appstore
appstore.payments.manage|Manage Appstore payments
domoapps.read|View DomoApps
domoapps.edit|Create DomoApps
app.admin|Manage DomoApps
app.ddx|Create DDX Apps
datastore.create|Use AppDB
datastore.admin|Manage AppDB
workflow.create|Create Workflows
workflow.admin|Manage Workflows
form.create|Create Forms
form.admin|Manage Forms
queue.create|Create Task Queues
queue.admin|Manage Task Queues
content.admin|Manage all Cards, Pages, Apps (App Studio), Worksheets and Reports (Report Builder)
content.card.embed|Embed content
content.card.edit|Edit Cards
content.card.analyzerview|Create DataSet views in Analyzer
content.page.edit|Edit Pages
content.export|Export from Domo
content.card.narrative.edit|Edit Narrative Cards
content.variable.edit|Edit Variables
content.dataapp.edit|Edit App (App Studio)
content.reportbuilder.edit|Edit Report (Report Builder)
content.worksheet.edit|Edit Worksheet
saasaas.edit|Manage Publication Groups
account.admin|Manage all accounts
account.view.all|View all accounts
dataset.admin|Manage DataSet
dataset.manage|Edit DataSet
dataset.export|Export DataSet
dataset.account.create|Create Dataset Account
dataset.account.create.federated.oauth|Create Federated OAuth Accounts
cloud.admin|Manage Cloud Integrations
cloud.override|Override Default Cloud
workbench.download|Download Workbench
workbench.enterprise.admin|Manage Workbench Enterprise
workbench.enterprise.create|Create jobs in Workbench Enterprise
workbench.enterprise.login|Login to Workbench Enterprise
dataflow.admin|Manage DataFlow
dataflow.manage|Edit DataFlow
ml.execute|Execute AutoML
dataflow.adrenaline|Edit Adrenaline DataFlow
dataflow.magic|Edit Magic ETL v2 DataFlow
alert.admin|Manage all Alerts
alert.edit|Use Alerts
alert.actions|Use Alert Actions
goal.edit|Use Goals
goal.admin|Manage all Goals
goal.distribute|Create distributed goals
workspace.admin|Manage all Workspaces
workspace.edit|Create Workspaces
workspace.read|View Workspaces
connector.admin|Manage Connectors
datascience.notebooks.create|Create Jupyter Workspace
datascience.notebooks.admin|Manage Jupyter Workspace
publish.publication.create|Manage publications
publish.subscribers.manage|Manage instances
upgradepath.view|Use Upgrade Path
pipeline.executor.job.create|Create Custom Pipeline Processes
pipeline.executor.job.admin|Administer Custom Pipeline Processes
versions.repository.admin|Administer Sandbox
versions.deployment.manage|Manage Repository Promotions
versions.repository.create|Manage Repositories
codeengine.package.manage|Create Code Engine Packages
codeengine.package.admin|Manage Code Engine Packages
fileshare.admin|Manage File Share Directories
fileshare.create|Create File Share Directories
ai.services.admin|Manage AI Services
ai.model.create|Create AI Service Models
ai.services|Use AI Services
ai.chat|Use AI Chat
insights.view|Generate Insights
conversational.agent.admin|Manage Conversational Agents
conversational.agent.edit|Edit Conversational Agents
conversational.agent.view|View Conversational Agents
mobile.configapp.admin|Manage all mobile app configurations
mobile.configapp.edit|Edit mobile app configurations
gateway.oauth.client.create|Create API OAuth Clients
appstore.approve.submission|Appstore Submission Approver
marketplace.approval.approve|Marketplace Submission Approver
marketplace.listing.admin|Manage Marketplace Listings
marketplace.listing.edit|Edit Marketplace Listings
marketplace.listing.install|Install Marketplace Listings
marketplace.listing.publisher|Publisher Manage Marketplace
`;

/** Finds the grants with a title, ignoring case and white space. */
export type GrantsByTitle = (title: string) => readonly Grant[];

const NO_CATALOGUE: Catalogue = [];

/** A lookup by title: in the instance's catalogue, else in the built-in list. */
export function grantsByTitle(catalogue: Catalogue = NO_CATALOGUE): GrantsByTitle {
  return titlesOf(catalogue);
}

const titlesOf = memoize((catalogue: Catalogue): GrantsByTitle => {
  const common = TITLES.trim()
    .split('\n')
    .map((line) => line.split('|'))
    .map(([grant = '', title = '']) => ({ grant, title }));
  const [own, fallback] = [byTitle(catalogue), byTitle(common)];
  return (title) => own.get(titleForm(title)) ?? fallback.get(titleForm(title)) ?? [];
});

function byTitle(entries: readonly { grant: Grant; title: string }[]): ReadonlyMap<string, readonly Grant[]> {
  const found = new Map<string, Grant[]>();
  for (const { grant, title } of entries) addTo(found, titleForm(title), grant);
  return found;
}

function titleForm(title: string): string {
  return title.replace(/\s+/gu, ' ').trim().toLowerCase();
}

/** The hint for a title in place of a grant; null if no grant has this title. */
export function titleHint(text: string, find: GrantsByTitle): string | null {
  const grants = find(text);
  return grants.length === 0 ? null : `this is a title; write ${grants.join(' or ')}`;
}
