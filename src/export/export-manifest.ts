import { PARTS } from '../manifest/selection.js';
import type { Selection } from '../manifest/selection.js';
import { byCodeUnit } from '../model/sort.js';
import type { Snapshot } from '../model/snapshot.js';
import { usageError } from '../problem/problem.js';
import { fileNames } from './file-names.js';
import type { ExportedPerson } from './members.js';
import { outlineOf, type Outline, type OutlineOptions, type OutlinedRole } from './outline.js';
import { canExpressInMembersFile } from './expressible.js';
import { grantListNode, roleEntry } from './write-role.js';
import { documentText, inComment, mapNode, nameInComment, textNode, keywordNode } from './yaml-document.js';
import type { YamlEntry } from './yaml-document.js';
import { settingEntries } from './setting-entries.js';
import type { RoleId } from '../model/ids.js';

/** Default URL of the manifest's schema for editors: its `$id`. */
export const MANIFEST_SCHEMA_URL = 'https://domo-roles.dev/schemas/manifest.v1.schema.json';

/** A file to be written. */
export interface ExportedFile {
  /** Relative to the target folder, with forward slashes. */
  path: string;
  text: string;
}

/** The content and the layout of an export. */
export interface ExportOptions extends OutlineOptions {
  /** One file per role in `domo-roles/`, and one for the rest; otherwise everything in `domo-roles.yaml`. */
  split?: boolean | undefined;
  /** People in `members/`, one file per role. */
  membersFiles?: boolean | undefined;
  schemaUrl?: string;
  /** The first line of the comment at the top. */
  title?: string;
}

/** The shared input of the files of an export. */
interface Layout {
  outline: Outline;
  names: ReadonlyMap<RoleId, string>;
  membersFiles: boolean;
  schemaUrl: string;
  title: string;
}

/**
 * Exports live state as a manifest. A plan of it against the same state has no changes. Equal snapshots give equal
 * bytes. What a manifest cannot express becomes a comment. The file with the settings comes first. A partial export
 * (`only`, `without`) has no instance, ids or policy, so that it fits any instance. Raises `usage` for an unknown part
 * or an empty export, and `not-found` for an unknown role.
 */
export function exportManifest(snapshot: Snapshot, options: ExportOptions = {}): ExportedFile[] {
  const outline = outlineOf(snapshot, options);
  if (outline.selection.partial) refuseEmpty(outline);
  const where = snapshot.sandbox ? 'a sandbox' : inComment(snapshot.instance);
  const layout: Layout = {
    outline,
    names: fileNames(outline.roles),
    membersFiles: options.membersFiles ?? false,
    schemaUrl: options.schemaUrl ?? MANIFEST_SCHEMA_URL,
    title:
      options.title ?? `${outline.selection.partial ? 'Roles' : 'The roles'} of ${where}, as they are live.`,
  };
  const folder = options.split ? 'domo-roles/' : '';
  return [
    ...(options.split
      ? splitFiles(layout)
      : [{ path: 'domo-roles.yaml', text: wholeText(layout, outline.roles) }]),
    ...membersFiles(layout).map(({ path, text }) => ({ path: folder + path, text })),
  ];
}

/** A manifest that manages nothing is invalid. */
function refuseEmpty({ roles, defaultRole, allowlist, selection, notes }: Outline): void {
  if (roles.length > 0 || defaultRole !== null || allowlist !== null) return;
  const system = selection.roles !== null && selection.without.has('members');
  throw usageError(['nothing is left to write', ...notes].join('; '), {
    hint: system
      ? 'of system roles only the members can be written; select custom roles, or keep the members'
      : 'select other roles, or leave out less',
  });
}

function splitFiles(layout: Layout): ExportedFile[] {
  const { outline, names, schemaUrl } = layout;
  const roleFiles = outline.roles.map((role) => ({
    path: `domo-roles/${names.get(role.id) ?? role.id}.yaml`,
    text: documentText(
      [...MANIFEST_HEAD, { key: 'roles', value: mapNode([entryOf(role, layout)]), spaced: true }],
      {
        above: [modeline(schemaUrl)],
      },
    ),
  }));
  return [{ path: 'domo-roles/instance.yaml', text: wholeText(layout, []) }, ...roleFiles];
}

/** The first keys of every manifest. */
export const MANIFEST_HEAD: readonly YamlEntry[] = [
  { key: 'apiVersion', value: keywordNode('domo-roles/v1') },
  { key: 'kind', value: keywordNode('Roles') },
];

/** The comment that tells editors the schema. */
export function modeline(schemaUrl: string): string {
  return `yaml-language-server: $schema=${schemaUrl}`;
}

/** The text of the file with the settings and these roles. */
function wholeText(layout: Layout, roles: readonly OutlinedRole[]): string {
  const { outline, title, schemaUrl } = layout;
  const entries: YamlEntry[] = [...MANIFEST_HEAD];
  if (outline.instance !== null) entries.push({ key: 'instance', value: textNode(outline.instance) });
  entries.push(...settingEntries(outline, { hasMembers: !outline.selection.without.has('members') }));
  if (outline.grantSets.size > 0) {
    const sets = [...outline.grantSets].map(([name, grants]) => ({
      key: name,
      value: grantListNode(grants, outline.groupOf),
    }));
    entries.push({ key: 'grantSets', value: mapNode(sets), spaced: true });
  }
  if (roles.length > 0) {
    const list = roles.map((role, index) => ({ ...entryOf(role, layout), spaced: index > 0 }));
    entries.push({ key: 'roles', value: mapNode(list), spaced: true });
  }
  return documentText(entries, {
    above: [modeline(schemaUrl), '', inComment(title), '', ...preface(outline)],
    below: leftOutLines(outline.notes),
  });
}

function preface({ selection }: Outline): string[] {
  const whole = [
    'This says what was live when it was written, so a plan finds nothing to change.',
    'Plan it again after every edit, before you apply it.',
  ];
  const part = [
    ...selectionNotes(selection),
    'It has no instance, ids or policy, so that it can be planned on another instance too.',
    'Plan it there before you apply it.',
  ];
  return [
    ...(selection.partial ? part : whole),
    'What is left out of this file is not managed and never touched.',
  ];
}

/** Comment lines about the content of a partial export. */
function selectionNotes({ roles, without }: Selection): string[] {
  const only = roles === null ? [] : [`Only ${[...roles].sort(byCodeUnit).map(nameInComment).join(', ')}.`];
  const left = PARTS.filter((part) => without.has(part));
  return [...only, ...(left.length > 0 ? [`Without ${left.join(', ')}.`] : [])];
}

/** Comment lines about what a manifest cannot express. */
export function leftOutLines(notes: readonly string[]): string[] {
  return notes.length === 0 ? [] : ['Live, but left out:', ...notes.map((note) => `- ${note}`)];
}

function entryOf(role: OutlinedRole, { outline, names, membersFiles }: Layout): YamlEntry {
  const membersFile = membersFiles ? `members/${names.get(role.id) ?? role.id}.txt` : null;
  return roleEntry(role, { groupOf: outline.groupOf, membersFile });
}

function membersFiles({ outline, names, membersFiles: wanted }: Layout): ExportedFile[] {
  if (!wanted) return [];
  return outline.roles.flatMap((role) => {
    const people = role.members?.people ?? [];
    if (people.length === 0) return [];
    const lines = [`# Role ${nameInComment(role.name)}`, ...people.map(memberLine)];
    return [{ path: `members/${names.get(role.id) ?? role.id}.txt`, text: `${lines.join('\n')}\n` }];
  });
}

function memberLine({ id, email, comment }: ExportedPerson): string {
  if (email !== null && canExpressInMembersFile(email)) return email;
  return `id: ${id} # ${inComment(comment ?? email ?? '')}`;
}
