import { openWriter } from '../src/apply/live-writer.js';
import type { LiveWriter } from '../src/apply/writer.js';
import { openReader } from '../src/live/open-reader.js';
import type { LiveReader } from '../src/live/reader.js';
import { loadManifest } from '../src/manifest/load/load.js';
import type { LoadedManifest } from '../src/manifest/manifest.js';
import { makePlan } from '../src/plan/make-plan.js';
import type { Plan } from '../src/plan/plan.js';
import { openRoutes } from '../src/routes/index.js';
import { requestsFor } from '../src/apply/requests-for-change.js';
import type { Snapshot } from '../src/model/snapshot.js';
import type { Task } from './measure.js';

/** The reader and the writer of the product, connected to the served instance. */
export function connect({ url, token }: Task): { reader: LiveReader; writer: LiveWriter; close: () => void } {
  const routes = openRoutes({ instance: 'bench', baseUrl: url, auth: { accessToken: token } });
  const reader = openReader(routes, { instance: 'bench', sandbox: false });
  return { reader, writer: openWriter(routes), close: () => routes.close() };
}

/** The manifest of a task. */
export function load({ manifest }: Pick<Task, 'manifest'>): Promise<LoadedManifest> {
  return loadManifest([manifest], { cwd: process.cwd() });
}

/** The day of every plan of the bench. */
export const TODAY = '2026-01-01';

/** The plan, as the command creates it. */
export function planOf(loaded: LoadedManifest, snapshot: Snapshot): Plan {
  return makePlan(loaded, snapshot, { now: `${TODAY}T00:00:00.000Z`, version: '0', requestsFor });
}
