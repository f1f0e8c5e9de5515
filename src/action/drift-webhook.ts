import type { Drift } from '../drift/drift.js';
import type { FleetDocument } from '../fleet/document.js';
import { EXIT } from '../shell/exit.js';
import { postWebhook, webhookAddress } from '../shell/webhook.js';
import { inputNames } from './input-names.js';
import type { Inputs } from './inputs.js';
import type { Step, StepContext } from './step.js';
import { stoppedStep } from './stopped-step.js';

/** Raises `usage` for a webhook whose address cannot be used, before anything is read. */
export function checkWebhookOf({ webhook }: Pick<Inputs, 'webhook'>): void {
  if (webhook !== null) webhookAddress(webhook);
}

/** Posts the drift of a step to the webhook, if there is drift and a webhook. The step keeps it if the post fails. */
export async function afterPost(
  step: Step,
  drift: Drift | FleetDocument,
  context: StepContext,
): Promise<Step> {
  const { inputs, environment } = context;
  const { webhook, webhookFormat: form } = inputs;
  if (step.exit === EXIT.done || webhook === null) return step;
  const { text: reword } = inputNames({ isFleet: drift.kind === 'fleet' });
  return postWebhook(webhook, drift, { form, environment, reword }).then(
    () => step,
    async (error: unknown) => ({ ...step, exit: (await stoppedStep(error, context)).exit }),
  );
}
