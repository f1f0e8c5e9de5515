import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inventoryOf, openFleetStage } from '../support/fleet-stage.js';
import { pageData } from '../support/page-data.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';

let stage: FleetStage;
beforeEach(async () => {
  stage = await openFleetStage(['alpha', 'beta', 'gamma']);
  const entries = {
    alpha: '{ labels: { tier: test } }',
    beta: '{ overlay: { roles: { Fleet Viewer: { description: Other } } } }',
    gamma: '{ suspended: { reason: later } }',
  };
  await stage.write('fleet.yaml', inventoryOf(entries));
});
afterEach(() => stage.close());

interface PageData {
  fleet: { roles: string[]; rows: [string, number, number, number[], string, number[]][] };
  panels: { texts: string[] };
}

/** The data for the script of a page. */
function dataOf(html: string): PageData {
  const { fleet } = pageData<Pick<PageData, 'fleet'>>(html, 'data');
  return { fleet, panels: pageData(html, 'panels') };
}

/** The marks of each instance, by name. */
const marksOf = ({ fleet }: PageData): Record<string, string> =>
  Object.fromEntries(fleet.rows.map(([name, , , , marks]) => [name, marks]));

const report = (folder: string, ...args: string[]) =>
  runWithin(['fleet', 'report', folder, '--format', 'html', ...args], { cwd: stage.folder });

/** Changes a file in the folder of a run. */
async function change(file: string, to: (text: string) => string): Promise<void> {
  const path = join(stage.folder, file);
  await writeFile(path, to(await readFile(path, 'utf8')));
}

describe('the page of a fleet', () => {
  it('from a plan equals what report renders from its folder, with roles, labels and plans', async () => {
    const { code } = await stage.fleet('plan', '--out', 'out', '--report', 'html=page.html');
    expect(code).toBe(0);
    const html = await readFile(join(stage.folder, 'page.html'), 'utf8');
    const rendered = await report('out');
    expect(rendered).toMatchObject({ code: 0, stdout: html });
    expect((await report('out/fleet.json')).stdout).toBe(html);
    const data = dataOf(html);
    expect(data.fleet.roles).toEqual(['Fleet Viewer']);
    expect(marksOf(data)).toEqual({ alpha: 'a', beta: 'a', gamma: '.' });
    expect(data.panels.texts).toEqual(expect.arrayContaining(['Fleet Viewer', 'new role', 'content.export']));
    expect(html).not.toMatch(/token-of-|Authorization/u);
    expect(html).not.toContain(stage.folder);
  });

  it('shows after an apply what is in place, and for drift what was changed', async () => {
    await stage.fleet('apply', '--yes', '--out', 'done');
    expect(marksOf(dataOf((await report('done')).stdout))).toEqual({ alpha: 'b', beta: 'o', gamma: '.' });
    await stage.fleet('drift', '--out', 'drift');
    expect(marksOf(dataOf((await report('drift')).stdout))).toEqual({ alpha: 'b', beta: 'o', gamma: '.' });
  });

  it('of merged shards equals that of one run except for times', async () => {
    await stage.fleet('plan', '--out', 'whole');
    for (const shard of ['1/2', '2/2'])
      await stage.fleet('plan', '--out', shard.slice(0, 1), '--shard', shard);
    const merge = await runWithin(['fleet', 'merge', '1', '2', '--out', 'merged'], { cwd: stage.folder });
    expect(merge.code).toBe(0);
    const [whole, merged] = await Promise.all(
      ['whole', 'merged'].map(async (folder) => (await report(folder)).stdout),
    );
    expect(dataOf(merged ?? '')).toEqual(dataOf(whole ?? ''));
    const untimed = (html = ''): string => html.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/gu, 'TIME');
    expect(untimed(merged)).toBe(untimed(whole));
  });

  it('of applied saved plans contains their roles', async () => {
    await stage.fleet('plan', '--out', 'plans');
    await stage.fleet('apply', 'plans', '--yes', '--out', 'done');
    expect(marksOf(dataOf((await report('done')).stdout))).toEqual({ alpha: 'b', beta: 'o', gamma: '.' });
  });

  it.each<[string, () => Promise<void>, string]>([
    [
      'is missing',
      () => rm(join(stage.folder, 'out/instances/alpha/plan.json')),
      'instances/alpha/plan.json is not in the folder of the run',
    ],
    [
      'was changed',
      () =>
        change('out/instances/alpha/plan.json', (text) => text.replace('Looks at finance', 'Looks at all')),
      'instances/alpha/plan.json: the plan ',
    ],
    [
      'is the plan of another run',
      async () => {
        await stage.fleet('plan', '--out', 'other', '--impact-limit', '3');
        const other = await readFile(join(stage.folder, 'other/instances/alpha/plan.json'), 'utf8');
        await change('out/instances/alpha/plan.json', () => other);
      },
      'instances/alpha/plan.json is not the plan that the fleet document names',
    ],
    [
      'is not JSON',
      () => change('out/instances/alpha/plan.json', () => '{'),
      'instances/alpha/plan.json is not JSON: it may have been cut short',
    ],
  ])('mentions a plan that %s, and shows the rest', async (_what, spoil, message) => {
    await stage.fleet('plan', '--out', 'out');
    await spoil();
    const { code, stdout } = await report('out');
    expect(code).toBe(0);
    const data = dataOf(stdout);
    expect(data.panels.texts).toContainEqual(expect.stringContaining(message));
    expect(marksOf(data)).toMatchObject({ alpha: '.', beta: 'a' });
  });

  it('shows the cause and the next step for a failed instance, and no plan', async () => {
    stage.sandboxes.get('alpha')?.setQuirks({ networkBlocked: true });
    await stage.fleet('plan', '--out', 'out', '--retries', '0');
    const data = dataOf((await report('out')).stdout);
    expect(marksOf(data)).toEqual({ alpha: 'u', beta: 'a', gamma: '.' });
    expect(data.panels.texts).toEqual(expect.arrayContaining(['Why', 'blocked-network', 'next step']));
    expect(data.panels.texts.filter((text) => text.includes('in the folder of the run'))).toEqual([]);
  });

  it('of doctor lists the checks of each instance', async () => {
    await stage.fleet('doctor', '--out', 'doctor');
    const data = dataOf((await report('doctor')).stdout);
    expect(data.fleet.roles).toEqual([]);
    expect(data.panels.texts).toEqual(expect.arrayContaining(['Checks', 'manage-roles']));
  });
});
