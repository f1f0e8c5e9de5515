import type { Grant } from './grant.js';

/**
 * What grants depend on, for older catalogues, which do not list dependencies. Source: the dependencies in a catalogue of
 * 2025.
 */
const DEPENDS_ON: Readonly<Record<Grant, readonly Grant[]>> = {
  'account.admin': ['account.view.all'],
  'ai.chat': ['ai.services', 'conversational.agent.view'],
  'ai.model.create': ['ai.services'],
  'ai.services.admin': ['ai.model.create', 'ai.services'],
  'alert.actions': ['alert.edit'],
  'alert.admin': ['alert.actions', 'alert.edit'],
  'app.ddx': ['domoapps.edit'],
  'approvalcenter.admin': ['ui.admin'],
  audit: ['ui.admin'],
  'authorization.roles': ['ui.admin'],
  'authorization.roles.assign': ['ui.admin'],
  'certifiedcontent.admin': ['ui.admin'],
  'content.admin': ['ui.admin'],
  'content.card.edit': ['ui.admin'],
  'content.card.narrative.edit': ['content.card.edit'],
  'content.dataapp.edit': ['content.page.edit', 'ui.admin'],
  'content.page.edit': ['ui.admin'],
  'content.reportbuilder.edit': ['content.dataapp.edit', 'content.page.edit', 'ui.admin'],
  'content.variable.edit': ['content.card.edit'],
  'content.worksheet.edit': ['ui.admin'],
  'conversational.agent.admin': ['conversational.agent.edit', 'conversational.agent.view'],
  'conversational.agent.edit': ['conversational.agent.view'],
  'customer.edit': ['ui.admin'],
  'dataflow.admin': ['dataflow.adrenaline', 'dataflow.manage'],
  'dataflow.adrenaline': ['dataflow.manage'],
  'dataflow.magic': ['dataflow.manage'],
  'datascience.notebooks.admin': ['datascience.notebooks.create'],
  'dataset.account.create': ['dataset.manage', 'ui.datacenter'],
  'dataset.admin': ['dataset.manage', 'ui.datacenter'],
  'dataset.manage': ['ui.datacenter'],
  'developer.token.manage': ['ui.admin'],
  'domo.system.messages': ['ui.admin'],
  'entity.attribute.admin': ['ui.admin'],
  'fileshare.admin': ['fileshare.create'],
  'goal.admin': ['goal.distribute', 'goal.edit'],
  'goal.distribute': ['goal.edit'],
  'goal.edit': ['alert.edit'],
  'group.admin': ['ui.admin'],
  'group.edit': ['ui.admin'],
  'insights.view': ['ai.services'],
  'ml.execute': ['dataflow.magic', 'dataflow.manage'],
  'mobile.configapp.admin': ['mobile.configapp.edit'],
  'profile.achieve.assign': ['ui.admin'],
  'saasaas.edit': ['ui.admin'],
  'user.edit': ['ui.admin'],
  'user.invite': ['ui.admin'],
  'user.session.edit': ['ui.admin'],
  'versions.deployment.manage': ['ui.admin'],
  'versions.repository.admin': ['ui.admin'],
  'versions.repository.create': ['ui.admin'],
  'workspace.admin': ['workspace.edit', 'workspace.read'],
  'workspace.edit': ['workspace.read'],
};

/** The dependencies of a grant if its catalogue does not list them; sorted. */
export function knownDependencies(grant: Grant): readonly Grant[] {
  return Object.hasOwn(DEPENDS_ON, grant) ? (DEPENDS_ON[grant] ?? []) : [];
}
