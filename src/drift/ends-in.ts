import type { AuditEvent } from '../model/audit.js';

/**
 * Does the text of an event about a person say that they came into this role? A role may be called anything, also a
 * part of other names or of the text around it: only a name that ends the text, after a word that leads to it, is sure.
 */
export function endsIn({ text, objectName }: AuditEvent, role: string): boolean {
  const masked = objectName === '' ? text : text.split(objectName).join('…');
  const sentence = masked.trim().replace(/[.!]$/u, '');
  const quoted = /^(.*)["'“‘`](.*)["'”’`]$/su.exec(sentence);
  if (role === '') return false;
  if (quoted?.[2] === role) return leadsOn(quoted[1] ?? '');
  return sentence.endsWith(role) && leadsOn(sentence.slice(0, -role.length));
}

function leadsOn(start: string): boolean {
  return /(?:\b(?:to|into|in|role|as)|[:=→])\s*$/iu.test(start);
}
