import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openFleetStage } from '../support/fleet-stage.js';
import { manifest, stageForFile } from './support.js';

/** A folder whose name a shell would split and run, and that is a flag at its start. */
const NAME = "-my $(touch x) plan's";

/** The same as a word to copy. */
const WORD = String.raw`'./-my $(touch x) plan'\''s'`;

/** An instance that is named by flags alone. */
const INSTANCE = ['--instance', 'sandbox-served', '--base-url', 'URL', '--token-file', 'my token'];

/** The words of a command, with those in single quotes as a shell reads them. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

describe('a printed command', () => {
  const held = stageForFile();

  it('of init names the folder of the sandbox', async () => {
    const { stdout } = await held.stage.runWith({}, 'init', '--folder', 'made', `--sandbox=${NAME}`);
    expect(stdout).toContain(`then domo-roles plan made/domo-roles.yaml --sandbox ${WORD}\n`);
  });

  it.each<[string, string[]]>([
    ['an example', []],
    ['an example in another folder', ['--folder', './made/by init']],
    ['an example in this folder', ['--folder', '.', '--force']],
    ['a sandbox', ['--folder=made', '--sandbox']],
    ['a sandbox with a folder', ['--folder=-made', '--sandbox', 'box']],
    ['an instance', ['--folder=made', ...INSTANCE]],
  ])('of init runs as it is printed: %s', async (_, argv) => {
    const { stage } = held;
    await stage.write('my token', stage.sandbox.token);
    const made = await stage.runWith({}, 'init', ...argv.map((word) => (word === 'URL' ? stage.url : word)));
    expect([made.code, made.stderr]).toEqual([0, '']);
    const next = /^Next: domo-roles (.+), then domo-roles (.+)$/mu.exec(made.stdout)?.slice(1) ?? [];
    expect(next).toHaveLength(2);
    for (const command of next) {
      const ended = await stage.runWith({}, ...wordsOf(command));
      expect([command, ended.code]).toEqual([command, 0]);
    }
  });

  it('resets the sandbox that is damaged', async () => {
    const { stage } = held;
    await stage.write('some/box/sandbox.json', '{');
    const { stderr } = await stage.runWith({}, 'get', 'roles', '--sandbox', 'some/box');
    const reset = /domo-roles (.+) restores the initial state/u.exec(stderr)?.[1] ?? '';
    expect((await stage.runWith({}, ...wordsOf(reset))).code).toBe(0);
    expect((await stage.runWith({}, 'get', 'roles', '--sandbox', 'some/box')).code).toBe(0);
  });

  it('lists the runs of the folder in which one was not found', async () => {
    const { stderr } = await held.stage.runWith({}, 'rollback', 'x', '--state', 'my/state', '--sandbox');
    expect(stderr).toContain('domo-roles runs --state my/state lists them\n');
  });

  it('about the folder of a sandbox names the manifest', async () => {
    for (const file of ['domo-roles.yaml', `${NAME}/domo-roles.yaml`])
      await held.stage.write(file, manifest('defaultRole: Participant\n'));
    const { stderr } = await held.stage.runWith({}, 'plan', `--sandbox=${NAME}`);
    expect(stderr).toContain(`write it before the flag: ${WORD} --sandbox\n`);
  });

  it('about the runs of a fleet names the folder', async () => {
    const stage = await openFleetStage(['alpha']);
    await stage.write(
      'fleet.yaml',
      'apiVersion: domo-roles/v1\nkind: Fleet\nmanifest: no.yaml\ninstances: { alpha: {} }\n',
    );
    const planned = await stage.fleet('plan', `--out=${NAME}`);
    expect(planned.stderr).toContain(`did not start: --failed-from ${WORD}\n`);
    const other = await stage.fleet('apply', `--resume=${NAME}`);
    expect(other.stderr).toContain(`resume it with fleet plan --resume ${WORD}\n`);
    await stage.write(
      'fleet.yaml',
      'apiVersion: domo-roles/v1\nkind: Fleet\nmanifest: base.yaml\ninstances: { alpha: {} }\n',
    );
    const changed = await stage.fleet('plan', `--resume=${NAME}`);
    expect(changed.stderr).toContain(`start a new run with --failed-from ${WORD}\n`);
    await stage.fleet('export', '--out=live fleet');
    const applied = await stage.fleet('apply', 'live fleet');
    expect(applied.stderr).toContain("write fleet export --resume 'live fleet'\n");
    await mkdir(join(stage.folder, 'new fleet'));
    const made = await stage.offline('init', 'new fleet', '--from', 'live fleet');
    expect(made.stdout).toContain(
      "Next: domo-roles fleet plan 'new fleet/fleet.yaml' --snapshots 'live fleet'\n",
    );
    await stage.close();
  });
});
