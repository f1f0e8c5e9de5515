import { code, loadSource, table } from './sources.mjs';

const GROUPS = [
  {
    category: 'manifest',
    head: 'Wrong manifest (exit 3)',
    text: 'The manifest is invalid, or names something that the instance does not have. Nothing is written.',
  },
  {
    category: 'refusal',
    head: 'Refused (exit 4)',
    text: 'A guard refused the plan, or the plan has a problem that no flag allows. The whole plan is still shown. Nothing is written. If a code has a flag, the flag allows it for one run; add `--reason`.',
  },
  {
    category: 'runtime',
    head: 'Errors (exit 1)',
    text: 'The network, the credential, the command line, a file, or a fault of the program.',
  },
  {
    category: 'warning',
    head: 'Warnings',
    text: 'Warnings do not change the exit code.',
  },
];

/** The table of codes, by their consequence. */
export async function codesPage() {
  const { CODES } = await loadSource('problem/codes.ts');
  const { ALLOW_CODES, allowFlag, ruleFlag } = await loadSource('plan/guards/allow.ts');
  const flagOf = (name) => (name === 'rule' ? ruleFlag('NAME') : allowFlag(name, 'N'));
  const flag = (name) => (ALLOW_CODES.includes(name) ? code(flagOf(name)) : '');
  const parts = GROUPS.map(({ category, head, text }) => {
    const names = Object.keys(CODES).filter((name) => CODES[name].category === category);
    const rows = names.sort().map((name) => [code(name), CODES[name].title]);
    const isRefusal = category === 'refusal';
    return `## ${head}\n\n${text}\n\n${table(
      isRefusal ? ['code', 'means', 'allowed by'] : ['code', 'means'],
      isRefusal ? rows.map(([name, title], index) => [name, title, flag(names[index])]) : rows,
    )}`;
  });
  return `
# Codes

Every problem that the program reports has one of these codes: in text before its message, in JSON as \`code\`,
in SARIF as the rule. A problem also has a message, often a hint, and a place (file, line, column)
if it concerns a file.

${parts.join('\n\n')}
`;
}
