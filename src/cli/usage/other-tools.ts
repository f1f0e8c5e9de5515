import { suggest } from '../../model/suggest.js';

/** What other tools call a command, and the command here. */
const COMMANDS: ReadonlyMap<string, string> = new Map([
  ...['backup', 'dump', 'import', 'pull'].map((name) => [name, 'export'] as const),
  ...['check', 'fmt', 'lint', 'test'].map((name) => [name, 'validate'] as const),
  ...['describe', 'list', 'ls', 'state'].map((name) => [name, 'get'] as const),
  ...['deploy', 'push', 'sync', 'up', 'update'].map((name) => [name, 'apply'] as const),
  ...['refresh', 'status'].map((name) => [name, 'drift'] as const),
  ...['history', 'log', 'logs'].map((name) => [name, 'runs'] as const),
  ...['revert', 'undo'].map((name) => [name, 'rollback'] as const),
  ['compare', 'diff'],
  ['login', 'doctor'],
  ['preview', 'plan'],
  ['show', 'report'],
  ['version', '--version'],
  ['whoami', 'get me'],
]);

/** What other tools call a flag, and the flags here with that meaning, in order of preference. */
const FLAGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['auto-approve', ['--yes']],
  ['debug', ['--verbose']],
  ['dryrun', ['--dry-run']],
  ['force', ['--allow']],
  ['no-input', ['--yes']],
  ['o', ['--out', '--format']],
  ['output', ['--out', '--format']],
  ['target', ['--only']],
  ['token', ['--token-file']],
  ['v', ['--verbose', '--version']],
  ['V', ['--version']],
  ['version', ['--version']],
]);

/** Flags of other tools whose argument is a manifest. */
const FILES: ReadonlySet<string> = new Set(['f', 'file', 'filename', 'manifest', 'var-file']);

/** Commands that take manifests as arguments. */
const TAKE_MANIFESTS: ReadonlySet<string | undefined> = new Set(['apply', 'drift', 'plan', 'validate']);

/** The command that an unknown one most likely stands for. `names` are those of the same level. Null if none is close. */
export function suggestCommand(word: string, names: readonly string[]): string | null {
  const habit = COMMANDS.get(word);
  const isHere = habit !== undefined && names.includes(habit.split(' ')[0] ?? '');
  return isHere || habit === '--version' ? habit : suggest(word, names);
}

/** A hint for an unknown flag, written with one hyphen or two; null if no flag of the command is close. */
export function flagHint(
  written: string,
  { flags, command }: { flags: readonly string[]; command: string | undefined },
): string | null {
  const name = written.replace(/^-+/u, '');
  if (FILES.has(name) && TAKE_MANIFESTS.has(command))
    return `a manifest is an argument, not a flag: domo-roles ${command ?? ''} FILE`;
  if (name === 'json' && flags.includes('--format')) return 'did you mean --format json?';
  const meant = FLAGS.get(name)?.filter((flag) => flags.includes(flag)) ?? [];
  const close = flags.includes(`--${name}`) ? name : suggest(name, flags.map(withoutHyphens));
  const all = meant.length > 0 ? meant : close === null ? [] : [`--${close}`];
  return all.length > 0 ? `did you mean ${all.join(' or ')}?` : null;
}

function withoutHyphens(flag: string): string {
  return flag.replace(/^-+/u, '');
}
