/** The quote before a cell that a spreadsheet would otherwise run as a formula. */
const GUARD = /^'(?=[=+\-@\t\r\n])/u;

/** Removes the quote that protects a cell from being run as a formula. */
export function withoutGuard(cell: string): string {
  return cell.replace(GUARD, '');
}
