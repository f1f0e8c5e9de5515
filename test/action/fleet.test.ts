import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FleetDocument } from '../../src/fleet/document.js';
import { BASE, inventoryOf, statuses, tokenOf } from '../support/fleet-stage.js';
import { ROBOT } from '../support/github.js';
import { HOOK_SECRET, openHook } from '../support/hook.js';
import { NAMES, masksOf, openFleetWorkshop } from './fleet-support.js';
import type { FleetWorkshop } from './fleet-support.js';
import { PULL_REQUEST, commandsIn } from './support.js';

let workshop: FleetWorkshop;
beforeEach(async () => {
  workshop = await openFleetWorkshop();
});
afterEach(() => workshop.close());

const fleetOf = async (file: string | undefined): Promise<FleetDocument> =>
  JSON.parse(await readFile(file ?? '', 'utf8')) as FleetDocument;

/** The instances that have the role of the base. */
const written = (): string[] =>
  [...workshop.stage.sandboxes].flatMap(([name, sandbox]) =>
    sandbox.state().roles.some((role) => role.name === 'Fleet Viewer') ? [name] : [],
  );

/** Gives a role of an instance grants that differ from its manifest. */
function changeGrants(name: string, authorities: string[]): void {
  const sandbox = workshop.stage.sandboxes.get(name);
  const role = sandbox?.state().roles.find((one) => one.name === 'Fleet Viewer');
  sandbox?.edit({ edit: 'set-grants', roleId: role?.id ?? 0, authorities });
}

describe('A dry run over a fleet', () => {
  it('rehearses the apply, writes to no instance and goes with no resume', async () => {
    const { code, log, summary } = await workshop.within({ mode: 'apply', 'dry-run': 'true', out: 'dry' });
    expect(code).toBe(0);
    expect([written(), workshop.comments()]).toEqual([[], []]);
    expect(log).toContain('The rehearsal holds on 5 instances');
    expect(summary).toContain('nothing was written to any instance');
    expect(statuses(await fleetOf(join(workshop.stage.folder, 'dry', 'fleet.json')))).toContain(
      'alpha changes',
    );
    const resumed = await workshop.within({ mode: 'apply', 'dry-run': 'true', resume: 'true', out: 'dry' });
    expect(resumed.code).toBe(1);
    expect(resumed.log).toContain('the input dry-run cannot be combined with the input resume');
    const planned = await workshop.within({ mode: 'plan', 'dry-run': 'true' });
    expect(planned.log).toContain('the input dry-run cannot be combined with mode plan');
  });
});

describe('A plan step over a fleet', () => {
  it('groups the changes by owner in the log, the summary, the comment and the page', async () => {
    await workshop.stage.write(
      'base.yaml',
      BASE.replace('description:', 'owner: finance-data\n    description:'),
    );
    const { log, summary } = await workshop.within({ mode: 'plan', 'group-by': 'owner', out: 'run' });
    expect(log).toContain('Owner finance-data: 1 role on 5 instances');
    expect(summary).toContain('### Changes: owner `finance-data`');
    expect(workshop.comments()).toEqual([expect.stringContaining('### Changes: owner `finance-data`')]);
    const page = await readFile(join(workshop.stage.folder, 'run.html'), 'utf8');
    expect(page).toContain('<h3 class="owner">Owner <bdi>finance-data</bdi>');
  });

  it('names the input that allows a refused change, in the log, the summary, the comment and the errors', async () => {
    const policy = 'policy: { protectedGrants: [alert.edit], maxMoves: 0 }\n';
    const people = '    members: [ana@acme.com]\n';
    await workshop.stage.write('base.yaml', `${BASE}${people}${policy}`);
    const { code, log, summary } = await workshop.within({
      mode: 'plan',
      only: 'alpha',
      report: 'markdown=file.md',
    });
    expect(code).toBe(4);
    const shown = [log, summary, workshop.comments().join('')];
    for (const text of shown) expect(text).toMatch(/allow it for this instance with allow: `?NAME:CODE/u);
    for (const text of shown) expect(text).not.toContain('--allow');
    // The file is for every reader, as the document is.
    expect(await readFile(join(workshop.stage.folder, 'file.md'), 'utf8')).toContain('--allow');
  });

  it('writes the plan to the log, the summary, one comment, a folder and the outputs', async () => {
    const body = '<!-- domo-roles:plan:acme:domo-roles.yaml -->\nof one instance';
    workshop.hub.post(PULL_REQUEST, { body, user: ROBOT });
    const { code, log, summary, outputs } = await workshop.within({ mode: 'plan', report: 'csv=out.csv' });
    expect(code).toBe(0);
    expect(log).toContain('5 instances with changes');
    expect(summary).toContain('## Fleet plan: `customers`');
    expect(summary).toContain('https://github.example/acme/roles/actions/runs/4711');
    expect(outputs).toMatchObject({
      ...{ 'exit-code': '0', changes: '5', created: '5', instances: '5', failures: '0', refusals: '0' },
      'plan-file': join(outputs['folder'] ?? '', 'fleet.json'),
    });
    expect(statuses(await fleetOf(outputs['plan-file']))).toHaveLength(5);
    expect(await readFile(join(workshop.stage.folder, 'out.csv'), 'utf8')).toContain('alpha');
    await workshop.within({ mode: 'plan', only: 'alpha, beta' });
    expect(workshop.comments()).toHaveLength(2);
    expect(workshop.comments()[0]).toBe(body);
    expect(workshop.comments()[1]?.startsWith('<!-- domo-roles:fleet-plan:fleet.yaml -->\n')).toBe(true);
    expect(workshop.comments()[1]).toContain('2 of 5 instances');
  });

  it('writes the page of the fleet next to its folder, outputs its path, and links the artifacts', async () => {
    const { outputs } = await workshop.within({ mode: 'plan', out: 'plans' });
    expect(outputs['page']).toBe(join(workshop.stage.folder, 'plans.html'));
    const html = await readFile(outputs['page'] ?? '', 'utf8');
    expect(html).toContain('<h1>Fleet plan: customers</h1>');
    expect(html).toContain('"alpha"');
    const run = 'https://github.example/acme/roles/actions/runs/4711';
    expect(workshop.comments().join('')).toContain(`[the page of the fleet](${run}#artifacts)`);
    const named = await workshop.within({ mode: 'plan', out: 'other', report: 'html=page.html' });
    expect(named.outputs['page']).toBe(join(workshop.stage.folder, 'page.html'));
    expect(await readdir(workshop.stage.folder)).not.toContain('other.html');
    // The page of a shard could be mistaken for the page of the whole fleet.
    const part = await workshop.within({ mode: 'plan', out: 'part', shard: '1/2' });
    expect(part.outputs['page']).toBe('');
    expect(await readdir(workshop.stage.folder)).not.toContain('part.html');
  });

  it('masks every token before any other output, and shows none', async () => {
    await workshop.stage.write('tokens/left-over', 'of-a-customer-that-is-gone');
    const env = { DOMO_ACCESS_TOKEN_ALPHA: 'from-a-variable', DOMO_PASSWORD_BETA: 'a-password' };
    const { log, summary } = await workshop.within({ mode: 'plan' }, env);
    const { masked, first } = masksOf(log);
    const secrets = [...NAMES.map(tokenOf), ...Object.values(env), 'of-a-customer-that-is-gone'];
    expect(first).toBe(true);
    expect(masked).toEqual(expect.arrayContaining(secrets));
    const rest = log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    for (const secret of secrets)
      expect([
        secret,
        `${rest.join('\n')}${summary}${workshop.comments().join('')}`.includes(secret),
      ]).toEqual([secret, false]);
  });

  it('masks the tokens even if the inputs are invalid', async () => {
    const { code, log } = await workshop.within({ mode: 'plan', shard: '3/2' });
    expect([code, masksOf(log)]).toMatchObject([
      1,
      { first: true, masked: expect.arrayContaining(NAMES.map(tokenOf)) },
    ]);
  });

  it('annotates what needs attention, each cause once', async () => {
    await workshop.stage.write(
      'wrong.yaml',
      'apiVersion: domo-roles/v1\nkind: Roles\nroles:\n  A: { grants: [no.such] }\n',
    );
    await workshop.stage.write(
      'fleet.yaml',
      inventoryOf({
        alpha: '{ manifest: wrong.yaml }',
        beta: '{}',
        delta: '{ manifest: wrong.yaml }',
        lost: '{}',
      }),
    );
    const { code, log, outputs } = await workshop.within({ mode: 'plan' });
    const errors = commandsIn(log).filter((line) => line.startsWith('::error'));
    expect([code, outputs['failures']]).toEqual([1, '3']);
    expect(errors).toHaveLength(2);
    expect(errors.join('\n')).toMatch(/file=wrong\.yaml,line=4.*invalid \(alpha, delta\)/u);
    expect(errors.join('\n')).toMatch(/failed \(lost\): no-credential/u);
  });

  it('prints no text that the runner reads as a command', async () => {
    const reason = '::error::x ##[add-path]/tmp';
    const shown = reason.replace('##', '\\u{23}#');
    await workshop.stage.write(
      'fleet.yaml',
      inventoryOf({ alpha: '{}', beta: `{ suspended: { reason: '${reason}' } }` }),
    );
    const { log } = await workshop.within({ mode: 'plan' });
    expect(log).toContain(shown);
    expect(commandsIn(log).filter((line) => line.includes('add-path'))).toEqual([]);
  });

  it('replaces its comment if the inventory is invalid', async () => {
    await workshop.within({ mode: 'plan' });
    await workshop.stage.write('fleet.yaml', 'kind: Fleet\n');
    const { code, outputs } = await workshop.within({ mode: 'plan' });
    expect([code, outputs['exit-code'], outputs['changes']]).toEqual([3, '3', '']);
    expect(workshop.comments()).toHaveLength(1);
    expect(workshop.comments()[0]).toContain('**No plan.**');
  });

  it('works offline against a folder of snapshots', async () => {
    await workshop.stage.fleet('export', '--out', 'snapshots');
    const { code, outputs } = await workshop.within({
      ...{ mode: 'plan', against: 'snapshots', 'base-url': '', 'token-dir': '', where: 'stage=canary' },
      'detailed-exitcode': 'true',
    });
    expect([code, outputs['changes'], outputs['instances']]).toEqual([2, '1', '1']);
  });
});

describe('Shards of a fleet', () => {
  it('write no comment, and their merge writes one', async () => {
    for (const index of [1, 2]) {
      const { code } = await workshop.within({
        mode: 'plan',
        shard: `${index}/2`,
        out: `shards/plan-${index}`,
      });
      expect([code, workshop.comments()]).toEqual([0, []]);
    }
    const { code, outputs, summary } = await workshop.within({
      mode: 'merge',
      folders: 'shards/*',
      out: 'plans',
    });
    expect([code, outputs['changes'], outputs['instances']]).toEqual([0, '5', '5']);
    expect(workshop.comments()).toHaveLength(1);
    expect(workshop.comments()[0]?.trimEnd()).toBe(summary.trimEnd());
    const applied = await workshop.within({ mode: 'apply', 'plan-file': 'plans' });
    expect([applied.code, written(), workshop.comments().length]).toEqual([0, NAMES, 1]);
  });

  it('are not merged into the folder of another run', async () => {
    await workshop.within({ mode: 'plan', out: 'whole' });
    await workshop.within({ mode: 'plan', shard: '1/1', out: 'shards/1' });
    const { code, log } = await workshop.within({ mode: 'merge', folders: 'shards/*', out: 'whole/merged' });
    expect([code, await readdir(join(workshop.stage.folder, 'whole'))]).toEqual([
      1,
      ['fleet.json', 'fleet.jsonl', 'instances'],
    ]);
    expect(log).toContain('out lies in whole, the folder of another run');
  });

  it('write their folder to plan-file', async () => {
    const { outputs } = await workshop.within({ mode: 'plan', shard: '1/2', 'plan-file': 'one' });
    expect(outputs['folder']).toBe(join(workshop.stage.folder, 'one'));
    const merged = await workshop.within({ mode: 'merge', folders: 'one', 'token-dir': 'tokens' });
    expect([merged.code, masksOf(merged.log).first]).toEqual([1, true]);
  });

  it('report a missing shard in the comment', async () => {
    await workshop.within({ mode: 'plan', shard: '1/2', out: 'shards/1' });
    const { code, log, outputs } = await workshop.within({ mode: 'merge', folders: 'shards/1' });
    expect([code, outputs['failures']]).toEqual([1, '2']);
    expect(workshop.comments()[0]).toContain('there is no document of shard 2 of 2');
    expect(commandsIn(log).join('\n')).toContain('missing (beta, gamma)');
  });

  it('are applied wave by wave, and a failure is exit code 5', async () => {
    workshop.stage.sandboxes.get('gamma')?.setFaults([{ name: '500', method: 'PUT', times: 0 }]);
    const wave = async (name: string, count: number): Promise<number[]> => {
      const codes: number[] = [];
      for (let index = 1; index <= count; index += 1) {
        const shard = { wave: name, shard: `${index}/${count}`, out: `${name}/${index}` };
        codes.push((await workshop.within({ mode: 'apply', ...shard })).code);
      }
      codes.push((await workshop.within({ mode: 'merge', folders: `${name}/*` })).code);
      return codes;
    };
    expect(await wave('canary', 1)).toEqual([0, 0]);
    expect(written()).toEqual(['alpha']);
    expect(await wave('production', 2)).toEqual([5, 0, 5]);
    expect(workshop.comments()).toEqual([]);
  });
});

describe('A drift step over a fleet', () => {
  const drift = (inputs: Record<string, string> = {}) =>
    workshop.within({ mode: 'drift', issue: 'true', ...inputs });

  it('opens one issue, updates it, and closes it when there is no drift left', async () => {
    await workshop.within({ mode: 'apply' });
    expect((await drift()).code).toBe(0);
    expect(workshop.hub.issues).toEqual([]);

    changeGrants('beta', ['audit']);
    const first = await drift({ 'fail-on-drift': 'false' });
    expect([first.code, first.outputs['changes']]).toEqual([0, '1']);
    expect(workshop.hub.issues).toMatchObject([
      { number: 1, state: 'open', title: 'Roles of the fleet customers differ from fleet.yaml' },
    ]);
    expect(workshop.hub.issues[0]?.body).toContain('<!-- domo-roles:fleet-drift:fleet.yaml -->');

    // Only drift that has changed adds a comment.
    const replies = (): number => (workshop.hub.comments.get(1) ?? []).length;
    expect([(await drift()).code, replies()]).toEqual([2, 0]);
    changeGrants('gamma', ['audit']);
    await drift();
    expect(replies()).toBe(1);

    // Neither a selection without drift nor a run that could not read every instance closes it.
    changeGrants('beta', ['alert.edit', 'content.export']);
    changeGrants('gamma', ['alert.edit', 'content.export']);
    expect((await drift({ only: 'beta' })).code).toBe(0);
    await rm(join(workshop.stage.folder, 'tokens/omega'));
    expect((await drift()).code).toBe(1);
    expect(workshop.hub.issues).toMatchObject([{ state: 'open' }]);

    await workshop.stage.write('tokens/omega', tokenOf('omega'));
    expect((await drift()).code).toBe(0);
    expect(workshop.hub.issues).toMatchObject([{ state: 'closed' }]);
  }, 60_000);

  it('writes no issue about snapshots', async () => {
    await workshop.stage.fleet('export', '--out', 'snapshots');
    const { code, log } = await drift({ against: 'snapshots', 'base-url': '', 'token-dir': '' });
    expect([code, workshop.hub.issues]).toEqual([2, []]);
    expect(log).toContain('the drift is that of snapshot files, not of the live instances');
  });

  it('writes its issue when its shards are merged', async () => {
    await workshop.within({ mode: 'apply' });
    changeGrants('beta', ['audit']);
    for (const index of [1, 2]) await drift({ shard: `${index}/2`, out: `shards/${index}` });
    expect(workshop.hub.issues).toEqual([]);
    const inputs = { mode: 'merge', folders: 'shards/2\nshards/1', issue: 'true', 'fail-on-drift': 'false' };
    const { code } = await workshop.within(inputs);
    expect([code, workshop.hub.issues.length]).toEqual([0, 1]);
  });
});

describe('A drift step over a fleet with a webhook', () => {
  it('posts the fleet document, with the address masked', async () => {
    const hook = await openHook();
    const { code, log, folder } = await driftTo(hook.address);
    hook.close();
    expect(code).toBe(2);
    expect(hook.posted).toEqual([await fleetOf(join(folder, 'fleet.json'))]);
    expect(log).toContain(`::add-mask::${hook.address}`);
    expect(log.replaceAll(/^::add-mask::.*$/gmu, '')).not.toContain(HOOK_SECRET);
  });

  it('keeps the drift if the post fails, and exits with 1', async () => {
    const { code, log, outputs } = await driftTo(`http://127.0.0.1:9/${HOOK_SECRET}`);
    expect([code, outputs['instances']]).toEqual([1, '5']);
    expect(log).toContain('webhook-failed');
  });

  it('reads no instance if the address cannot be used', async () => {
    const { code, log } = await driftTo('ftp://hooks.example');
    expect([code, workshop.stage.seen.size]).toEqual([1, 0]);
    expect(log).toContain('the webhook is neither https nor on this machine');
  });

  async function driftTo(webhook: string) {
    const step = await workshop.within({ mode: 'drift', webhook, out: 'drift' });
    return { ...step, folder: join(workshop.stage.folder, 'drift') };
  }
});

describe('Other steps over a fleet', () => {
  it.each([
    ['the outputs', 'GITHUB_OUTPUT'],
    ['the job summary', 'GITHUB_STEP_SUMMARY'],
  ])('fail if %s cannot be written, but for an apply that wrote', async (what, variable) => {
    const env = { [variable]: '/no/such/folder/file' };
    for (const mode of ['validate', 'plan', 'drift']) {
      const { code, log } = await workshop.within({ mode, 'fail-on-drift': 'false' }, env);
      expect([mode, code, log.includes(`${what} (ENOENT) could not be written`)]).toEqual([mode, 1, true]);
    }
    expect([(await workshop.within({ mode: 'apply' }, env)).code, written()]).toEqual([0, NAMES]);
  });

  it('validate checks grants against a catalogue', async () => {
    const catalogue = JSON.stringify({ catalogue: [{ grant: 'audit', dependsOn: [] }] });
    await workshop.stage.write('catalogue.json', catalogue);
    const { code, log } = await workshop.within({ mode: 'validate', catalogue: 'catalogue.json' });
    expect(code).toBe(3);
    expect(log).toContain('unknown-grant');
  });

  it('validate annotates every problem at its place', async () => {
    expect((await workshop.within({ mode: 'validate' })).code).toBe(0);
    await workshop.stage.write('base.yaml', 'apiVersion: domo-roles/v1\nkind: Roles\nroles: { A: 7 }\n');
    const { code, log, summary } = await workshop.within({ mode: 'validate', report: 'json=problems.json' });
    expect(code).toBe(3);
    expect(await readFile(join(workshop.stage.folder, 'problems.json'), 'utf8')).toContain('base.yaml');
    expect(commandsIn(log).join('\n')).toMatch(/::error file=base\.yaml,line=3/u);
    expect(summary).toContain('**Not valid.**');
  });

  it.each<[Record<string, string>, string]>([
    [{ mode: 'plan', manifest: 'a.yaml' }, 'the input manifest cannot be combined with the input fleet'],
    [{ mode: 'plan', token: 'secret' }, 'the input token cannot be combined with the input fleet'],
    [{ mode: 'apply', against: 'a' }, 'the input against cannot be combined with mode apply'],
    [{ mode: 'drift', 'only-expired': 'true' }, 'only-expired cannot be combined with mode drift'],
    [{ mode: 'plan', folders: 'a' }, 'the input folders cannot be combined with mode plan'],
    [{ mode: 'plan', 'plan-file': 'a', out: 'b' }, 'both name the folder of the documents'],
    [
      { mode: 'plan', 'plan-file': '', token: '', resume: 'perhaps' },
      'the input resume must be true or false',
    ],
    [{ mode: 'validate', out: 'a' }, 'the input out cannot be combined with mode validate'],
    [{ mode: 'validate', resume: 'true' }, 'the input resume cannot be combined with mode validate'],
    [{ mode: 'merge', policy: 'a.yaml' }, 'the input policy cannot be combined with mode merge'],
    [{ mode: 'merge' }, 'mode merge needs the input folders'],
    [{ mode: 'merge', folders: 'a', shard: '1/2' }, 'the input shard cannot be combined with mode merge'],
    [{ mode: 'plan', fleet: '', 'token-dir': '', wave: 'canary' }, 'the input wave needs the input fleet'],
    [{ mode: 'merge', folders: 'nowhere/*' }, 'there is nothing to merge'],
    [{ mode: 'plan', only: 'alpah' }, 'no instance of the fleet matches'],
  ])('%j is an error in the workflow: exit 1', async (inputs, message) => {
    const { code, log } = await workshop.within(inputs);
    expect([code, log.includes(message)]).toEqual([1, true]);
    expect(
      log.split('\n').filter((line) => line.includes('secret') && !line.startsWith('::add-mask')),
    ).toEqual([]);
  });
});
