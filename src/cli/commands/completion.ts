import { usageError } from '../../problem/problem.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { print } from '../../shell/deliver.js';
import type { Environment } from '../../shell/environment.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/**
 * Each script asks the command for completions, so that an installed script never becomes outdated. It names its shell,
 * because `SHELL` is the login shell, and each shell wants descriptions in its own form. It offers files if the
 * command offers nothing.
 */
const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = {
  bash: `# domo-roles completion bash >> ~/.bashrc
_domo_roles() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    [ -n "$line" ] && COMPREPLY+=("$line")
  done < <(SHELL=bash domo-roles --get-yargs-completions "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
}
complete -o default -F _domo_roles domo-roles
`,
  zsh: `#compdef domo-roles
# domo-roles completion zsh > "\${fpath[1]}/_domo-roles"
_domo_roles() {
  local -a replies
  replies=(\${(f)"$(SHELL=zsh domo-roles --get-yargs-completions "\${(@Q)words[1,CURRENT]}" 2>/dev/null)"})
  if (( \${#replies} )); then
    _describe 'domo-roles' replies
  else
    compset -P '--*='
    _files
  fi
}
if [ "$funcstack[1]" = "_domo_roles" ]; then _domo_roles "$@"; else compdef _domo_roles domo-roles; fi
`,
  fish: `# domo-roles completion fish > ~/.config/fish/completions/domo-roles.fish
function __domo_roles
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  set -l replies (env SHELL=fish domo-roles --get-yargs-completions $words "$typed" 2>/dev/null)
  if test (count $replies) -gt 0
    printf '%s\\n' $replies
  else
    set -l flag (string match -r -- '^--[^=]+=' "$typed")
    printf '%s\\n' "$flag"(__fish_complete_path (string replace -- "$flag" '' "$typed"))
  end
end
complete -c domo-roles -f -a '(__domo_roles)'
`,
};

/** `completion`: prints a completion script. */
export async function completion(
  flags: { shell?: string | undefined },
  environment: Environment,
): Promise<Exit> {
  const shell = flags.shell ?? (environment.env.SHELL ?? '').split('/').at(-1);
  const known = SHELLS.find((one) => one === shell);
  if (!known) throw usageError('unknown shell', { hint: `write domo-roles completion ${SHELLS.join('|')}` });
  await print(environment, SCRIPTS[known]);
  return EXIT.done;
}
