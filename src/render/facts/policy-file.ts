import type { PolicyFile, PolicyOverride } from '../../model/policy-overlay.js';
import { andMore, cut, formatNumber, plural, nameText } from '../format/phrases.js';
import { oneLine } from '../format/one-line.js';

/** The most names in one sentence. */
const MOST = 30;

/** `origin/main:policy.yaml at commit 1234567890ab`, without a full stop. */
export function policyFileText({ path, commit, inWorkingTree, overrides }: PolicyFile): string {
  const from = commit === null ? '' : ` at commit ${commit.slice(0, 12)}`;
  const beside = inWorkingTree
    ? `, ${commit === null ? "in the manifest's own working tree" : 'which is checked out'}: a change to the manifest can also change it`
    : '';
  const changes = overrides.length === 0 ? '; it changes nothing here' : '';
  return `${nameText(path)}${from}${beside}${changes}`;
}

/** `policy.minAdmins is 2, without the file 1`, without a full stop. */
export function overrideText({ key, effect, without, file }: PolicyOverride): string {
  const name = nameText(key);
  if (key.startsWith('policy.rules.'))
    return effect === 'joined'
      ? `${name} is a rule of the file`
      : `${name} is the rule of the file, not that below it`;
  if (effect === 'joined') return `${name} also holds ${valueText(key, file)}`;
  return `${name} is ${valueText(key, file)}, without the file ${valueText(key, without)}`;
}

/** The text of a value. A saved plan is untrusted, so the value is checked before use. */
function valueText(key: string, value: unknown): string {
  if (value === null) return key === 'policy.removedMembersTo' ? 'not set' : 'the default';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'string') return nameText(value);
  if (key === 'policy.acceptedDrift' && Array.isArray(value)) return driftText(value as unknown[]);
  if (Array.isArray(value)) return listText(value as unknown[]);
  return limitText(value) ?? oneLine(JSON.stringify(value));
}

function driftText(entries: readonly unknown[]): string {
  if (entries.length === 0) return 'empty';
  const { shown, more } = cut(entries.map(subjectOf), MOST);
  return `${plural(entries.length, 'entry', 'entries')} (${shown.join(', ')}${andMore(more)})`;
}

function subjectOf(entry: unknown): string {
  const { what, role, rule } = (entry ?? {}) as Partial<Record<'what' | 'role' | 'rule', unknown>>;
  const of = [role, rule].find((one) => typeof one === 'string');
  const subject = nameText(String(what));
  return typeof of === 'string' ? `${subject} of ${nameText(of)}` : subject;
}

function listText(items: readonly unknown[]): string {
  if (items.length === 0) return 'empty';
  const { shown, more } = cut(items.map(itemText), MOST);
  return `${shown.join(', ')}${andMore(more)}`;
}

function itemText(item: unknown): string {
  if (typeof item === 'string') return nameText(item);
  const { email, id } = (item ?? {}) as Partial<Record<'email' | 'id', unknown>>;
  if (typeof email === 'string') return nameText(email);
  return typeof id === 'number' ? `id ${id}` : oneLine(JSON.stringify(item));
}

function limitText(value: unknown): string | null {
  const { count, percent, floor } = value as Partial<Record<'count' | 'percent' | 'floor', unknown>>;
  if (typeof count === 'number') return formatNumber(count);
  if (typeof percent !== 'number') return null;
  return typeof floor === 'number' && floor > 0
    ? `${percent} %, at least ${formatNumber(floor)}`
    : `${percent} %`;
}
