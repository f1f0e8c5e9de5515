import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inventoryOf, openFleetStage, tokenOf } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { serveGitHub } from '../support/github.js';
import type { GitHubStandIn } from '../support/github.js';
import { PULL_REQUEST, commandsIn, resetRunner, runnerEnvironment, stepEnd } from './support.js';
import type { StepEnd } from './support.js';
import { runStepWithin } from './within.js';

/** The instances of a fleet workshop: a canary and four production instances. */
export const NAMES = ['alpha', 'beta', 'delta', 'gamma', 'omega'];

/** A checkout with an inventory of five instances, a folder with their tokens, and a GitHub server. */
export interface FleetWorkshop {
  stage: FleetStage;
  hub: GitHubStandIn;
  /** The folder of the runner's files. */
  files: string;
  environmentOf: (inputs: Readonly<Record<string, string>>) => Record<string, string>;
  /** Runs the action with these inputs, and with those that name the fleet, its addresses and its tokens. */
  within: (inputs: Record<string, string>, env?: Record<string, string>) => Promise<StepEnd>;
  comments: () => string[];
  close: () => Promise<void>;
}

const WAVES = `waves:
  - { name: canary, where: [stage=canary] }
  - { name: production, where: [stage=production] }
`;

/** Opens a fleet workshop. */
export async function openFleetWorkshop(): Promise<FleetWorkshop> {
  const [stage, hub] = await Promise.all([openFleetStage(NAMES), serveGitHub()]);
  const files = join(stage.folder, '.runner');
  await mkdir(join(files, 'temp'), { recursive: true });
  await writeFile(join(files, 'event.json'), JSON.stringify({ pull_request: { number: PULL_REQUEST } }));
  const entries = NAMES.map((name) => [
    name,
    `{ labels: { stage: ${name === 'alpha' ? 'canary' : 'production'} } }`,
  ]);
  await stage.write('fleet.yaml', inventoryOf(Object.fromEntries(entries) as Record<string, string>, WAVES));
  for (const name of NAMES) await stage.write(`tokens/${name}`, `${tokenOf(name)}\n`);
  const environmentOf: FleetWorkshop['environmentOf'] = (inputs) =>
    runnerEnvironment({ workspace: stage.folder, files, hub }, inputs);
  const within: FleetWorkshop['within'] = async (inputs, env = {}) => {
    await resetRunner(files);
    const target =
      inputs.mode === 'merge' || inputs.mode === 'validate'
        ? {}
        : { 'base-url': `${stage.url}/{name}`, 'token-dir': 'tokens' };
    const all = { fleet: 'fleet.yaml', 'github-token': 'write-token', ...target, ...inputs };
    return stepEnd(
      files,
      await runStepWithin({ ...environmentOf(all), ...env }, { cwd: stage.folder, ...stage.within }),
    );
  };
  return {
    ...{ stage, hub, files, environmentOf, within },
    comments: () => (hub.comments.get(PULL_REQUEST) ?? []).map(({ body }) => body),
    close: async () => {
      await Promise.all([stage.close(), hub.close()]);
    },
  };
}

/** The texts that a step masks; `first` is true if it masks them before it prints anything else. */
export function masksOf(log: string): { masked: string[]; first: boolean } {
  const lines = log.split('\n').filter((line) => line !== '');
  const isMask = (line: string): boolean => line.startsWith('::add-mask::');
  const count = lines.filter(isMask).length;
  return {
    masked: commandsIn(log)
      .filter(isMask)
      .map((line) => line.slice('::add-mask::'.length)),
    first: count > 0 && lines.slice(0, count).every(isMask),
  };
}
