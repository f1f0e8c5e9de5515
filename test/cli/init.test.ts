import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';
import { stageForFile, writesOf } from './support.js';
import { targetOf } from '../support/cli.js';

describe('init', () => {
  const held = stageForFile();

  it.each(['the environment', '.env'])('writes the live instance when it is named by %s', async (source) => {
    const { stage } = held;
    const target = targetOf(stage);
    if (source === '.env') {
      await stage.write(
        '.env',
        Object.entries(target)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
    }
    const ended = await runWithin(['init', '--folder', 'made'], {
      cwd: stage.folder,
      env: source === '.env' ? {} : target,
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const written = await readFile(join(stage.folder, 'made/domo-roles.yaml'), 'utf8');
    for (const { name } of stage.sandbox.state().roles) expect(written).toContain(name);
    expect(ended.stdout).toContain(
      'Next: domo-roles validate made/domo-roles.yaml, then domo-roles plan made/domo-roles.yaml\n',
    );
    expect(writesOf(stage)).toEqual([]);
  });

  it('writes the example when no target is named, and calls no instance', async () => {
    const ended = await runWithin(['init', '--folder', 'made'], { cwd: held.stage.folder });
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('domo-roles plan made/domo-roles.yaml --sandbox\n');
  });

  it('reports only what was written', async () => {
    const { stage } = held;
    const run = (...args: string[]) =>
      runWithin(['init', ...(args.includes('--folder') ? [] : ['--folder', 'made']), ...args], {
        cwd: stage.folder,
      });
    expect((await run()).stdout).toContain('wrote .gitignore\n');
    const again = await run('--force');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('wrote domo-roles.yaml\n')]);
    expect(again.stdout).not.toContain('.gitignore');

    await stage.write('blocked/.gitignore/in-the-way', '');
    const blocked = await run('--folder', 'blocked');
    expect([blocked.code, blocked.stderr]).toEqual([
      1,
      'warning: blocked/.gitignore could not be written (EISDIR)\n',
    ]);
    expect(blocked.stdout).toContain('Incomplete: some files could not be written.\n');
    expect(blocked.stdout).not.toMatch(/gitignore|Next:/u);
  });
});
