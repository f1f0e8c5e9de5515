import { commandsIn, loadHelp } from './sources.mjs';

/** Every command with its full --help text. */
export async function cliPage() {
  const help = await loadHelp();
  const top = await help();
  const parts = [];
  for (const name of commandsIn(top)) {
    const text = await help(name);
    parts.push([name, text]);
    for (const below of commandsIn(text, [name])) parts.push([`${name} ${below}`, await help(name, below)]);
  }
  return `
# The command line

All of this is what \`domo-roles --help\` and \`domo-roles COMMAND --help\` print.
See also the [exit codes](exit-codes.md), and the [JSON](json.md) that \`--format json\` prints.

Five things hold for every command:

- The result goes to stdout. Progress, warnings and problems go to stderr.
- An unknown command or flag is an error, and so is a flag given twice. A mistyped \`--dry_run\` never becomes a real run.
- A flag that has no effect beside the others is an error, not ignored: \`plan --against FILE --instance acme\` reads no instance.
  A dry run, and a rollback without \`--yes\`, accept all flags of the run that they show. Flags that change
  only how a run works or how much it shows, such as \`--timeout\`, \`--verbose\`, \`--reason\` and \`--impact-limit\`, are
  accepted with every source and format.
- A file is written completely or not at all. A link under its name is replaced and not followed, since a checkout may contain
  one that leads to any file. Devices, pipes and open files such as \`/dev/stdout\` and \`/dev/fd/3\` are written to;
  with \`--format json\` stdout takes only the one document.
- Colour is used on a terminal only, and never where \`NO_COLOR\` is set.

\`\`\`text
${top}
\`\`\`

${parts.map(([name, text]) => `## ${name}\n\n\`\`\`text\n${text}\n\`\`\``).join('\n\n')}
`;
}
