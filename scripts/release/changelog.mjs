// Reads and dates CHANGELOG.md.

const HEADING = /^## \[(?<name>[^\]]+)\](?: - (?<date>\d{4}-\d{2}-\d{2}))?$/u;

/** The sections of a changelog, first to last: the name in brackets, the date or null, the text below it. */
function sectionsOf(text) {
  const sections = [];
  for (const line of text.split('\n')) {
    const heading = HEADING.exec(line)?.groups;
    if (heading) sections.push({ name: heading.name, date: heading.date ?? null, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ lines, ...section }) => ({ ...section, text: lines.join('\n').trim() }));
}

/** The changelog with the entries of Unreleased moved to a section for this version and day. */
export function dated(text, version, day) {
  const sections = sectionsOf(text);
  const unreleased = sections.find(({ name }) => name === 'Unreleased');
  if (!unreleased || unreleased.text === '') throw new Error('CHANGELOG.md has nothing under [Unreleased]');
  if (sections.some(({ name }) => name === version))
    throw new Error(`CHANGELOG.md already has a section [${version}]`);
  return text.replace(/^## \[Unreleased\]$/mu, `## [Unreleased]\n\n## [${version}] - ${day}`);
}

/** The entries of a version, which must have a date. */
export function notesOf(text, version) {
  const section = sectionsOf(text).find(({ name }) => name === version);
  if (!section) throw new Error(`CHANGELOG.md has no section [${version}]`);
  if (section.date === null) throw new Error(`the section [${version}] of CHANGELOG.md has no date`);
  return section.text;
}
