import { addressHint, isAddress } from '../../model/address.js';
import { quotedName } from '../../model/quoted-name.js';
import { didYouMean } from '../../model/suggest.js';
import { isUntil } from '../../model/until.js';
import { isAmbiguousNumber, type YamlValue, type YamlScalar } from '../yaml/yaml-values.js';
import { choicesAt } from './choices.js';
import { expectedAt, type ValueKind } from './expected-values.js';
import { titleHint, type GrantsByTitle } from './grant-titles.js';

/** The longest value that a hint repeats. */
const LONGEST = 80;

/** Words that switch something on. The allowlist is switched on by its roles. */
const SWITCHED_ON = /^(?:on|true|yes)$/iu;

/** An id in plain digits. */
const PLAIN_ID = /^[1-9][0-9]{0,15}$/u;

/**
 * What to write in place of a value of the wrong form; null if unknown. It quotes the text of the file, never the parsed
 * value, and its proposal is valid at this place.
 */
export function valueHint(node: YamlValue, form: string, titles: GrantsByTitle): string | null {
  if (node.kind === 'map' && form.endsWith('/#')) return 'a list item with a colon in it is read as a map';
  if (node.kind === 'list' && expectedAt(form).kind === 'named')
    return 'write each entry under its name, without a hyphen: a name is a key here';
  if (node.kind !== 'scalar' || node.source.length > LONGEST * 10) return null;
  if (form === '/allowlist' && SWITCHED_ON.test(node.source))
    return 'list its roles, such as [Participant, Social]';
  return typeof node.value === 'string' ? textHint(node.value, form, titles) : otherHint(node, form);
}

/** The hint for an entry without a value, such as a name that YAML reads as null. */
export function emptyHint(node: YamlScalar, form: string): string | null {
  return node.source !== '' && expectedAt(form).kind === 'text' ? inQuotes(node.source) : null;
}

function textHint(text: string, form: string, titles: GrantsByTitle): string | null {
  const { kind } = expectedAt(form);
  switch (kind) {
    case 'id':
      return isPlainId(text) ? 'write it without quotes' : null;
    case 'person':
      return addressHint(text);
    case 'grant':
      return (
        titleHint(text, titles) ?? (/\s/u.test(text) ? 'write the id of the grant, not its title' : null)
      );
    case 'until':
      return dayHint(text);
    case 'count':
    case 'limit':
      return numberHint(text, kind);
    case 'people':
    case 'grants':
    case 'roles':
      return didYouMean(text, choicesAt(form)) ?? listHint(text, kind);
    case 'text':
    case 'named':
    case 'other':
      return didYouMean(text, choicesAt(form));
  }
}

/** Kinds of values that are whole numbers. */
const NUMBERS: ReadonlySet<ValueKind> = new Set(['id', 'count', 'limit']);

/** The hint for a number, a boolean or an empty value. */
function otherHint(node: YamlScalar, form: string): string | null {
  const { kind } = expectedAt(form);
  const isNumber = typeof node.value === 'number';
  if (kind === 'person' && isNumber)
    return isPlainId(node.source) ? `for a user id write "id: ${node.source}"` : null;
  if (NUMBERS.has(kind) && isAmbiguousNumber(node))
    return 'write it in plain digits, without a leading zero, a sign or an exponent';
  return kind === 'text' ? inQuotes(node.source) : null;
}

function isPlainId(text: string): boolean {
  return PLAIN_ID.test(text) && Number.isSafeInteger(Number(text));
}

function inQuotes(source: string): string | null {
  return source.length > LONGEST ? null : `put it in quotes: ${quotedName(source)}`;
}

/**
 * What to write instead of a date in another format; null if it is ambiguous. `2027-1-5` is one day; other formats
 * may mean two. A time of day needs a zone.
 */
export function dayHint(text: string): string | null {
  if (isUntil(`${text}Z`)) return `add the zone: ${text}Z for UTC`;
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/u.exec(text) ?? [];
  const padded = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isUntil(padded) ? `write ${padded}` : null;
}

function numberHint(text: string, kind: 'count' | 'limit'): string | null {
  if (/^(?:0|[1-9][0-9]{0,8})$/u.test(text)) return 'write it without quotes';
  const share = /^\s*([0-9]{1,3})\s*%\s*$/u.exec(text)?.[1];
  const isShare = share !== undefined && Number(share) <= 100 && !share.startsWith('0');
  return isShare && kind === 'limit' ? `write "${share}%"` : null;
}

/** The hint for a single value where a list is expected. */
function listHint(text: string, kind: 'people' | 'grants' | 'roles'): string | null {
  if (text.length > LONGEST || text.trim() === '') return null;
  switch (kind) {
    case 'people':
      return isAddress(text) ? `write it as a list: [${text}]` : null;
    case 'grants':
      return /^[a-z0-9_.-]+$/u.test(text) ? `write it as a list: [${text}]` : null;
    case 'roles':
      return `write it as a list: [${quotedName(text)}]`;
  }
}
