import { usageError } from '../../problem/problem.js';
import { explainArgumentCount } from './argument-count.js';
import { explainInvalidChoice } from './invalid-choice.js';
import { rejectedLine } from './rejected-line.js';
import type { Explanation, RejectedLine } from './rejected-line.js';
import { explainUnknownCommand } from './unknown-command.js';
import { explainUnknownFlag } from './unknown-flag.js';

/** One function per kind of mistake. The first explanation counts. */
const EXPLANATIONS: readonly ((line: RejectedLine) => Explanation | null)[] = [
  explainUnknownCommand,
  explainArgumentCount,
  explainInvalidChoice,
  explainUnknownFlag,
];

/** Translates an error of yargs. `flags` are those of the command, to suggest a correction. */
export function explainUsage(error: Error, argv: readonly string[], flags: readonly string[]): unknown {
  const line = rejectedLine(error, argv, flags);
  let found: Explanation | null = null;
  for (const explain of EXPLANATIONS) found ??= explain(line);
  const { message, hint } = found ?? { message: line.message.replace(/[.:]$/u, '') };
  return usageError(message, { hint: hint ?? helpHint(line), cause: error });
}

function helpHint({ commandPath }: RejectedLine): string {
  return `run \`domo-roles ${commandPath === undefined ? '' : `${commandPath} `}--help\` for usage`;
}
