/** A cell that a spreadsheet would take for a formula has this before it. */
const GUARD = /^'(?=[=+\-@\t\r\n])/u;

/** A cell without the quote that keeps spreadsheets from taking it for a formula. */
export function withoutGuard(cell: string): string {
  return cell.replace(GUARD, '');
}
