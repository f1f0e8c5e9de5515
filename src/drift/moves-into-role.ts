import type { AuditEvent } from '../model/audit.js';

/**
 * Does the text of an event state that a person moved into this role? A role name may also occur by chance, so it must
 * be at the end of the text, after a word such as "to" or "role".
 */
export function movesIntoRole({ text, objectName }: AuditEvent, role: string): boolean {
  const masked = objectName === '' ? text : text.split(objectName).join('…');
  const sentence = masked.trim().replace(/[.!]$/u, '');
  const quoted = /^(.*)["'“‘`](.*)["'”’`]$/su.exec(sentence);
  if (role === '') return false;
  if (quoted?.[2] === role) return introducesRole(quoted[1] ?? '');
  return sentence.endsWith(role) && introducesRole(sentence.slice(0, -role.length));
}

function introducesRole(start: string): boolean {
  return /(?:\b(?:to|into|in|role|as)|[:=→])\s*$/iu.test(start);
}
