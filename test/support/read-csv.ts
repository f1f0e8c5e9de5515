/**
 * The cells of a CSV text, by the rules of RFC 4180 alone. It shares no code with what writes CSV, so that the two
 * cannot agree on a mistake.
 */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const one = text.charAt(at);
    if (quoted) {
      if (one !== '"') cell += one;
      else if (text.charAt(at + 1) === '"') cell += text.charAt((at += 1));
      else quoted = false;
    } else if (one === '"') {
      if (cell !== '') throw new Error(`a quote within a bare cell at ${at}`);
      quoted = true;
    } else if (one === ',') {
      row.push(cell);
      cell = '';
    } else if (one === '\n' || one === '\r') {
      if (one === '\r' && text.charAt(at + 1) === '\n') at += 1;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else cell += one;
  }
  if (quoted) throw new Error('the last quote is open');
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

/** A cell without the quote that protects it from being run as a formula. */
export function withoutGuard(cell: string): string {
  return /^'[=+\-@\t\uff1d\uff0b\uff0d\uff20]/u.test(cell) ? cell.slice(1) : cell;
}
