import { usageError } from '../problem/problem.js';

/** An additional report of a document: `markdown=plan.md`. */
export interface Report<F extends string> {
  format: F;
  file: string;
}

/** Parses `FORMAT=FILE`; null for any other text. */
export function parseReport<F extends string>(word: string, formats: readonly F[]): Report<F> | null {
  const at = word.indexOf('=');
  const format = formats.find((one) => one === word.slice(0, at));
  const file = word.slice(at + 1);
  return at > 0 && format !== undefined && file !== '' ? { format, file } : null;
}

/** Parses the values of `--report`. Raises `usage`. */
export function parseReports<F extends string>(
  words: readonly string[] = [],
  formats: readonly F[],
): Report<F>[] {
  return words.map((word) => {
    const report = parseReport(word, formats);
    if (report) return report;
    throw usageError('--report must be FORMAT=FILE', {
      what: '--report',
      hint: `valid formats: ${formats.join(', ')}`,
    });
  });
}

/** The formats of all outputs: of the result on stdout, and of the reports. */
export function formatsOf<F extends string>(format: F, reports: readonly Report<F>[]): F[] {
  return [format, ...reports.map((report) => report.format)];
}
