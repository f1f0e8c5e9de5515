import { infoOf, pathPattern, type Fault } from './faults.js';
import { SandboxUsageError, splitAtEquals } from './parse-quirks.js';

/**
 * Parses faults such as `429=2;method=GET;path=/roles$;nth=2;times=3,reset;rate=0.05`. Raises `SandboxUsageError` for an
 * unknown name or field, or an invalid value.
 */
export function parseFaults(text: string): Fault[] {
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '').map(parseFault);
}

function parseFault(item: string): Fault {
  const [head = '', ...fields] = item.split(';');
  const [name = '', value] = splitAtEquals(head);
  const info = infoOf(name);
  const fault: Fault = { name: info.name };
  if (value !== undefined) {
    if (!info.value) throw new SandboxUsageError(`fault ${name} takes no value`);
    fault.value = whole(value, name);
  }
  for (const field of fields) {
    const [key = '', given = ''] = splitAtEquals(field);
    if (key === 'method') fault.method = given.toUpperCase();
    else if (key === 'path') fault.path = checkedPattern(given);
    else if (key === 'nth' || key === 'times') fault[key] = whole(given, key);
    else if (key === 'rate') fault.rate = rateOf(given);
    else
      throw new SandboxUsageError(
        `fault ${name} has no parameter ${JSON.stringify(key)}; valid parameters: method, path, nth, times, rate`,
      );
  }
  return fault;
}

function checkedPattern(text: string): string {
  pathPattern(text);
  return text;
}

function whole(text: string, name: string): number {
  if (!/^\d{1,7}$/.test(text))
    throw new SandboxUsageError(`${name} must be a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

function rateOf(text: string): number {
  const rate = /^\d*\.?\d+$/.test(text) ? Number(text) : 2;
  if (rate > 1) throw new SandboxUsageError(`rate must be a number from 0 to 1, not ${JSON.stringify(text)}`);
  return rate;
}
