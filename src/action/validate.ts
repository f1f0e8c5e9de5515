import { usageError } from '../problem/problem.js';
import { problemDocument } from '../render/ci/problems-json.js';
import { EXIT, exitOfProblems } from '../shell/exit.js';
import { writePrivate } from '../shell/output.js';
import { VALIDATE_FORMATS } from '../shell/formats.js';
import type { ValidateFormat } from '../shell/formats.js';
import { planOutputs } from '../shell/ledger.js';
import { checkManifest, validationText } from '../shell/validation.js';
import { EMPTY_STEP } from './step.js';
import type { Step, StepContext } from './step.js';

/** Runs the mode `validate`: reports every problem of a manifest, without network access. */
export async function validate({ inputs, runner, environment }: StepContext): Promise<Step> {
  const reports = inputs.reports.map(parseReport);
  await planOutputs(
    environment,
    reports.map(({ format, file }) => ({ by: `report ${format}`, file })),
  );
  const found = await checkManifest(
    {
      manifest: inputs.manifest,
      catalogue: inputs.catalogue ?? undefined,
      policy: inputs.policy ?? undefined,
    },
    environment,
  );
  await runner.log(validationText(found, 'text', { environment, colour: false }));
  for (const { format, file } of reports)
    await writePrivate(environment, file, validationText(found, format, { environment, colour: false }));
  const exit = found.manifest ? EXIT.done : exitOfProblems(found.problems);
  return { ...EMPTY_STEP, exit, problems: found.problems.map(problemDocument) };
}

/** Parses `FORMAT=FILE`. Raises `usage` for any other text. */
function parseReport(line: string): { format: ValidateFormat; file: string } {
  const at = line.indexOf('=');
  const format = VALIDATE_FORMATS.find((one) => one === line.slice(0, at));
  const file = line.slice(at + 1);
  if (format === undefined || file === '') {
    throw usageError('a line of the input report is not FORMAT=FILE', {
      hint: `the formats of mode validate are ${VALIDATE_FORMATS.join(', ')}`,
    });
  }
  return { format, file };
}
