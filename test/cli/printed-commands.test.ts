import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openFleetStage } from '../support/fleet-stage.js';
import { manifest, stageForFile } from './support.js';

/** A folder whose name a shell would split and run, and that is a flag at its start. */
const NAME = "-my $(touch x) plan's";

/** The same as a word to copy. */
const WORD = String.raw`'./-my $(touch x) plan'\''s'`;

describe('a printed command', () => {
  const held = stageForFile();

  it('of init names the folder of the sandbox', async () => {
    const { stdout } = await held.stage.runWith({}, 'init', '--folder', 'made', `--sandbox=${NAME}`);
    expect(stdout).toContain(`then domo-roles plan --sandbox ${WORD}\n`);
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
