import { usageError } from '../../problem/problem.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { print } from '../../shell/deliver.js';
import type { Environment } from '../../shell/environment.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** Each script asks the command for completions, so that an installed script never becomes outdated. */
const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = {
  bash: `# domo-roles completion bash >> ~/.bashrc
_domo_roles() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(domo-roles --get-yargs-completions "\${COMP_WORDS[@]}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
  return 0
}
complete -o filenames -F _domo_roles domo-roles
`,
  zsh: `#compdef domo-roles
# domo-roles completion zsh > "\${fpath[1]}/_domo-roles"
_domo_roles() {
  local -a replies
  replies=("\${(@f)$(domo-roles --get-yargs-completions "\${words[@]}" 2>/dev/null)}")
  if [[ -n "\${replies[*]}" ]]; then _describe 'domo-roles' replies; else _files; fi
}
if [ "$funcstack[1]" = "_domo_roles" ]; then _domo_roles "$@"; else compdef _domo_roles domo-roles; fi
`,
  fish: `# domo-roles completion fish > ~/.config/fish/completions/domo-roles.fish
function __domo_roles
  set -l words (commandline -opc) (commandline -ct)
  domo-roles --get-yargs-completions $words 2>/dev/null | string replace -r ':' \\t
end
complete -c domo-roles -a '(__domo_roles)'
`,
};

/** `completion`: prints a completion script. */
export async function completion(
  flags: { shell?: string | undefined },
  environment: Environment,
): Promise<Exit> {
  const shell = flags.shell ?? (environment.env.SHELL ?? '').split('/').at(-1);
  const known = SHELLS.find((one) => one === shell);
  if (!known)
    throw usageError('the shell is not known', { hint: `write domo-roles completion ${SHELLS.join('|')}` });
  await print(environment, SCRIPTS[known]);
  return EXIT.done;
}
