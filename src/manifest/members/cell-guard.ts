/** The quote before a cell that a spreadsheet would otherwise run as a formula. */
const GUARD = /^'(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])/u;

/** Removes the quote that protects a cell from being run as a formula. */
export function withoutGuard(cell: string): string {
  return cell.replace(GUARD, '');
}
