import type { SandboxAuthority } from './state.js';

/** Names of the groups of the catalogue, as `authority/groups` returns them. */
export const AUTHORITY_GROUPS: Readonly<Record<string, string>> = {
  AI_SERVICES: 'AI Services',
  ALERTS: 'Alerts',
  API: 'API',
  APPSTORE: 'Appstore',
  CARDS_PAGES: 'Cards & Pages',
  CODEENGINE: 'Code Engine',
  COMPANY: 'Company',
  CONNECTORS: 'Connectors',
  DATA: 'Data',
  DOMO_APPS: 'Domo Apps',
  FORMS: 'Forms',
  GOALS: 'Goals',
  MARKETPLACE: 'Marketplace',
  MOBILE: 'Mobile',
  PIPELINE_EXECUTOR: 'Pipeline Executor',
  PUBLISH: 'Publish',
  QUEUES: 'Queues',
  SAASAAS: 'Publication Groups',
  SOCIAL: 'Social',
  USERS_GROUPS: 'Users & Groups',
  VERSIONS: 'Sandbox',
  WORKBENCH: 'Workbench',
  WORKFLOWS: 'Workflows',
  WORKSPACES: 'Workspaces',
};

// authority | group | title | depends on | system roles that hold it | admin level | features it needs
const TABLE = `
authorization.roles|COMPANY|Manage all roles|ui.admin|1|admin|
authorization.roles.assign|COMPANY|Assign users to a role|ui.admin|1||role-allowlist
entity.attribute.admin|COMPANY|Manage Certified Attributes|ui.admin|1|admin|certified-attributes
audit|COMPANY|View activity logs|ui.admin|1||
customer.edit|COMPANY|Manage all company settings|ui.admin|1|admin|
developer.token.manage|COMPANY|Manage all access tokens and API clients|ui.admin|1|admin|
domo.system.messages|COMPANY|Receive Domo System Messages|ui.admin|1||
payment.manage.card|COMPANY|Manage card payments||1||payment-manage-card
user.edit|USERS_GROUPS|Manage all users|ui.admin|1|admin|
user.invite|USERS_GROUPS|Add new people|ui.admin|1 2||
user.session.edit|USERS_GROUPS|Edit user Sessions|ui.admin|1||session-management-ui session-timeout-ui
profile.achieve.assign|USERS_GROUPS|Assign achievements|ui.admin|1 2||
group.admin|USERS_GROUPS|Manage all groups|ui.admin|1|admin|
group.edit|USERS_GROUPS|Edit groups|ui.admin|1 2||
usage.reports.view|COMPANY|View usage metrics||1||usage-reporting
credit.reports.view|COMPANY|View credit reports||1||
consumption.governance.policy.admin|COMPANY|Manage Consumption Governance Policies||1|admin|usage-permissions
buzz.admin|SOCIAL|Edit conversations and messages||1||
approvalcenter.admin|WORKFLOWS|Manage all approvals|ui.admin|1|admin|approvalcenter
tasks.admin|WORKFLOWS|Manage all public Projects and Tasks||1|admin|
tasks.private.admin|WORKFLOWS|Manage all private Projects and Tasks|||admin|projects-tasks-private-grant
certifiedcontent.admin|WORKFLOWS|Manage Certified Content|ui.admin|1||certified-content
certifiedcontent.request|WORKFLOWS|Request certification||1 2 3 4||
appstore.admin|APPSTORE|Manage Appstore||1|admin|
appstore.edit|APPSTORE|Use Appstore||1 2 3||
appstore.read|APPSTORE|View Appstore||1 2 3 4||
appstore.payments.manage|APPSTORE|Manage Appstore payments||1||
domoapps.read|DOMO_APPS|View DomoApps||1 2 3 4||
domoapps.edit|DOMO_APPS|Create DomoApps||1 2 3||
app.admin|DOMO_APPS|Manage DomoApps||1||
app.ddx|DOMO_APPS|Create DDX Apps|domoapps.edit|1||
datastore.create|DATA|Use AppDB||1 2 3||
datastore.admin|DATA|Manage AppDB||1||
workflow.create|WORKFLOWS|Create Workflows||1 2 3||
workflow.admin|WORKFLOWS|Manage Workflows||1||
form.create|FORMS|Create Forms||1 2 3||
form.admin|FORMS|Manage Forms||1||
queue.create|QUEUES|Create Task Queues||1 2 3||
queue.admin|QUEUES|Manage Task Queues||1||
content.admin|CARDS_PAGES|Manage all Cards, Pages, Apps (App Studio), Worksheets and Reports (Report Builder)|ui.admin|1|admin|
content.card.embed|CARDS_PAGES|Embed content||1 2 3||
content.card.edit|CARDS_PAGES|Edit Cards|ui.admin|1 2 3||
content.card.analyzerview|CARDS_PAGES|Create DataSet views in Analyzer||1 2 3||analyzer-data-views
content.page.edit|CARDS_PAGES|Edit Pages|ui.admin|1 2 3||
content.export|CARDS_PAGES|Export from Domo||1 2 3 4||
content.card.narrative.edit|CARDS_PAGES|Edit Narrative Cards|content.card.edit|1 2 3||
content.variable.edit|CARDS_PAGES|Edit Variables|content.card.edit|1 2 3||
content.dataapp.edit|CARDS_PAGES|Edit App (App Studio)|content.page.edit ui.admin|1 2 3||data-app
content.reportbuilder.edit|CARDS_PAGES|Edit Report (Report Builder)|content.dataapp.edit ui.admin content.page.edit|1 2 3||report-builder
content.worksheet.edit|CARDS_PAGES|Edit Worksheet|ui.admin|1 2 3||app-studio-worksheets
saasaas.edit|SAASAAS|Manage Publication Groups|ui.admin|1||
account.admin|DATA|Manage all accounts|account.view.all||admin|accounts-v2
account.view.all|DATA|View all accounts|||admin|accounts-v2
dataset.admin|DATA|Manage DataSet|dataset.manage ui.datacenter|1|admin|
dataset.manage|DATA|Edit DataSet|ui.datacenter|1 2 3||
dataset.export|DATA|Export DataSet||1 2 3||
dataset.account.create|DATA|Create Dataset Account|dataset.manage ui.datacenter|1 2 3||
dataset.account.create.federated.oauth|DATA|Create Federated OAuth Accounts||||federated-oauth-accounts
cloud.admin|DATA|Manage Cloud Integrations||1||multi-cloud-data-warehouse
cloud.override|DATA|Override Default Cloud||1||multi-cloud-data-warehouse
workbench.download|DATA|Download Workbench||1 2 3||
workbench.enterprise.admin|WORKBENCH|Manage Workbench Enterprise||1||workbench-enterprise-authority
workbench.enterprise.create|WORKBENCH|Create jobs in Workbench Enterprise||1||workbench-enterprise-authority
workbench.enterprise.login|WORKBENCH|Login to Workbench Enterprise||1||workbench-enterprise-authority
dataflow.admin|DATA|Manage DataFlow|dataflow.adrenaline dataflow.manage|1|admin|
dataflow.manage|DATA|Edit DataFlow||1 2 3||
ml.execute|DATA|Execute AutoML|dataflow.magic dataflow.manage|1 2 3||
dataflow.adrenaline|DATA|Edit Adrenaline DataFlow|dataflow.manage|1||
dataflow.magic|DATA|Edit Magic ETL v2 DataFlow|dataflow.manage|1 2 3||
alert.admin|ALERTS|Manage all Alerts|alert.actions alert.edit|1|admin|
alert.edit|ALERTS|Use Alerts||1 2 3 4 5||
alert.actions|ALERTS|Use Alert Actions|alert.edit|1 2 3||
goal.edit|GOALS|Use Goals|alert.edit|1 2 3 4||goals-v1
goal.admin|GOALS|Manage all Goals|goal.distribute goal.edit|1||goals-v1
goal.distribute|GOALS|Create distributed goals|goal.edit|1||
workspace.admin|WORKSPACES|Manage all Workspaces|workspace.read workspace.edit|1|admin|workspaces-v1
workspace.edit|WORKSPACES|Create Workspaces|workspace.read|1 2 3||workspaces-v1
workspace.read|WORKSPACES|View Workspaces||1 2 3 4||workspaces-v1
connector.admin|CONNECTORS|Manage Connectors||1|admin|connector-permission
datascience.notebooks.create|DATA|Create Jupyter Workspace||1 2 3||jupyter-notebooks
datascience.notebooks.admin|DATA|Manage Jupyter Workspace|datascience.notebooks.create|1|admin|jupyter-notebooks
publish.publication.create|PUBLISH|Manage publications||1||publish-everywhere-v2
publish.subscribers.manage|PUBLISH|Manage instances||1||
upgradepath.view|PUBLISH|Use Upgrade Path||||
pipeline.executor.job.create|PIPELINE_EXECUTOR|Create Custom Pipeline Processes||1 2||executor-pipeline
pipeline.executor.job.admin|PIPELINE_EXECUTOR|Administer Custom Pipeline Processes||1||executor-pipeline
versions.repository.admin|VERSIONS|Administer Sandbox|ui.admin|1|admin|domo-versions-ui
versions.deployment.manage|VERSIONS|Manage Repository Promotions|ui.admin|1||domo-versions-ui
versions.repository.create|VERSIONS|Manage Repositories|ui.admin|1||domo-versions-ui
codeengine.package.manage|CODEENGINE|Create Code Engine Packages||1||
codeengine.package.admin|CODEENGINE|Manage Code Engine Packages||1||
fileshare.admin|DATA|Manage File Share Directories|fileshare.create|1||
fileshare.create|DATA|Create File Share Directories||1 2 3||
ai.services.admin|AI_SERVICES|Manage AI Services|ai.model.create ai.services|1|admin|ai-services
ai.model.create|AI_SERVICES|Create AI Service Models|ai.services|1 2 3||ai-services ml-model-management
ai.services|AI_SERVICES|Use AI Services||1 2 3 4||ai-services
ai.chat|AI_SERVICES|Use AI Chat|ai.services conversational.agent.view|1 2 3 4||ai-services
insights.view|AI_SERVICES|Generate Insights|ai.services|1 2||ai-services automated-insights
conversational.agent.admin|AI_SERVICES|Manage Conversational Agents|conversational.agent.edit conversational.agent.view|1|admin|ai-services-assistants
conversational.agent.edit|AI_SERVICES|Edit Conversational Agents|conversational.agent.view|1 2 3||ai-services-assistants
conversational.agent.view|AI_SERVICES|View Conversational Agents||1 2 3 4||ai-services-assistants
mobile.configapp.admin|MOBILE|Manage all mobile app configurations|mobile.configapp.edit|1|admin|
mobile.configapp.edit|MOBILE|Edit mobile app configurations||2||
gateway.oauth.client.create|API|Create API OAuth Clients||1 2 3 4 5||
appstore.approve.submission|APPSTORE|Appstore Submission Approver||1||
marketplace.approval.approve|MARKETPLACE|Marketplace Submission Approver||1||
marketplace.listing.admin|MARKETPLACE|Manage Marketplace Listings||1|admin|
marketplace.listing.edit|MARKETPLACE|Edit Marketplace Listings||1 2||
marketplace.listing.install|MARKETPLACE|Install Marketplace Listings||1 2||
marketplace.listing.publisher|MARKETPLACE|Publisher Manage Marketplace|||admin|marketplace-publisher-management-instance
`;

/** A line of the catalogue: the authority, and the ids (1 to 5) of the system roles that hold it. */
export interface CatalogueLine extends SandboxAuthority {
  systemRoleIds: number[];
}

/**
 * Returns the 110 authorities of 2025 with their groups, titles, dependencies, system roles, admin level and features. As in
 * Domo, two dependencies (`ui.admin`, `ui.datacenter`) are not in the catalogue.
 */
export function shippedCatalogue(): CatalogueLine[] {
  return TABLE.trim()
    .split('\n')
    .map((line) => {
      const [authority = '', group = '', title = '', dependsOn, roleIds, adminLevel, features] =
        line.split('|');
      return {
        authority,
        title,
        description: describe(authority, title),
        authorityUIGroup: group,
        dependsOnAuthorities: words(dependsOn),
        adminLevel: adminLevel === 'admin',
        features: words(features),
        systemRoleIds: words(roleIds).map(Number),
      };
    });
}

// Descriptions of titles that are not in the imperative; the others are made from the title.
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'appstore.approve.submission': 'Allows a person to approve what is submitted to the Appstore.',
  'marketplace.approval.approve': 'Allows a person to approve what is submitted to the Marketplace.',
  'marketplace.listing.publisher': 'Allows a publisher to manage the Marketplace.',
  'workbench.enterprise.login': 'Allows a person to log in to Workbench Enterprise.',
};

function describe(authority: string, title: string): string {
  const action = `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
  return DESCRIPTIONS[authority] ?? `Allows a person to ${action}.`;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(' ').filter((word) => word !== '');
}
