import { sameAddress } from '../../model/address.js';
import type { PersonRef } from '../../model/policy.js';
import {
  isAmbiguousNumber,
  isText,
  itemsOf,
  textOf,
  valueOf,
  type SourceRange,
  type YamlValue,
} from '../yaml/yaml-values.js';

/** The texts of a list with their places. */
export function textList(node: YamlValue | null): SourceRange<string>[] {
  return itemsOf(node).filter(isText);
}

/** The people of a list; an entry without a usable address or id is left out. */
export function personList(node: YamlValue | null): SourceRange<PersonRef>[] {
  return itemsOf(node).flatMap((item): SourceRange<PersonRef>[] => {
    const id = numberOf(valueOf(item, 'id'));
    const address = textOf(item) ?? textOf(valueOf(item, 'email'));
    const stated = address ? { email: sameAddress(address.value) } : {};
    if (id) return [{ value: { id: id.value, ...stated }, at: id.at }];
    return address ? [{ value: { email: sameAddress(address.value) }, at: address.at }] : [];
  });
}

/** A number or a share such as `30%`, with its place. */
export function limitIn(node: YamlValue | null): SourceRange<number | string> | null {
  return numberOf(node) ?? textOf(node);
}

/** A whole number with its place; null for anything else, including numbers in an ambiguous notation. */
export function numberOf(node: YamlValue | null): SourceRange<number> | null {
  if (node?.kind !== 'scalar' || typeof node.value !== 'number' || !Number.isSafeInteger(node.value))
    return null;
  if (isAmbiguousNumber(node)) return null;
  return { value: node.value, at: node.at };
}
