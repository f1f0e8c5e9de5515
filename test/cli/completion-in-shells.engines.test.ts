import { spawnSync } from 'node:child_process';
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith, haveCommands } from '../support/engines.js';
import { BIN } from '../support/built.js';

type Shell = 'bash' | 'zsh' | 'fish';

/** Prints what the shell offers for the words, the last of which is being typed. */
const OFFER: Readonly<Record<Shell, (words: readonly string[]) => string>> = {
  bash: (words) => `
    source <(domo-roles completion bash)
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length - 1}
    _domo_roles
    if [ "\${#COMPREPLY[@]}" -gt 0 ]; then printf '%s\\n' "\${COMPREPLY[@]}"; else compgen -f -- '${words.at(-1)}'; fi`,
  // Types the line and END into an interactive shell, and reads what it shows before END.
  zsh: (words) => `
    zmodload zsh/zpty
    zpty inner 'TERM=dumb COLUMNS=200 zsh -f -i'
    zpty -w inner 'autoload -U compinit; compinit -u -D; source <(domo-roles completion zsh); PS1="go> "; print rea""dy'
    zpty -r inner shown '*ready*go> *'
    zpty -w -n inner '${words.join(' ')}'$'\\t''END'
    zpty -r inner shown '*END*'
    print -r -- "\${shown##*'${words.slice(0, -1).join(' ')} '}"`,
  fish: (words) => `
    domo-roles completion fish | source
    complete -C '${words.join(' ')}'`,
};

for (const shell of ['bash', 'zsh', 'fish'] as const)
  describeWith(
    shell,
    haveCommands(shell),
    `apt-get install ${shell}`,
  )(`completion in ${shell}`, () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'domo-roles-completion-'));
      await mkdir(join(folder, 'bin'));
      await symlink(BIN, join(folder, 'bin/domo-roles'));
      await writeFile(join(folder, 'example.yaml'), '');
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    /** The login shell is another one, as it often is. */
    const offered = (line: string, login: string): string[] => {
      const code = OFFER[shell](line.split(' '));
      const { stdout, stderr } = spawnSync(shell, [shell === 'zsh' ? '-fc' : '-c', code], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 60_000,
        env: {
          PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
          HOME: folder,
          SHELL: login,
          TERM: 'dumb',
        },
      });
      expect(stderr).toBe('');
      return stdout
        .split('\n')
        .map((text) => text.split(/[\s\b]/u)[0] ?? '')
        .filter((text) => text !== '');
    };

    it.each([
      ['domo-roles pl', 'plan'],
      ['domo-roles fleet mer', 'merge'],
      ['domo-roles plan --forma', '--format'],
      ['domo-roles plan --format markd', 'markdown'],
      ['domo-roles get auth', 'authorities'],
      ['domo-roles plan exam', 'example.yaml'],
    ])('of "%s" offers %s, whatever the login shell is', (line, word) => {
      for (const login of ['/bin/bash', '/usr/bin/zsh', '/usr/bin/fish'])
        expect(offered(line, login)).toEqual([word]);
    });
  });
