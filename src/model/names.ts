/** The form in which near names are equal: no blanks, no letter case. `Data  analyst` is near `Data Analyst`. */
export function nearName(name: string): string {
  return name.normalize('NFKC').replace(/\s+/gu, '').toLowerCase();
}

/** The form in which e-mail addresses are compared: without regard to case or blanks around. */
export function sameAddress(email: string): string {
  return email.trim().toLowerCase();
}

/** An instance's name as it is compared: without case, protocol or a trailing `.domo.com`. */
export function instanceName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/\.domo\.com$/u, '');
}
