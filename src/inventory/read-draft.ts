import { limitIn, numberOf, textList } from '../manifest/draft/read-values.js';
import { entryOf, itemsOf, plainOf, startOfRange, textOf, valueOf } from '../manifest/yaml/yaml-values.js';
import type { SourceRange, YamlEntry, YamlMap, YamlValue } from '../manifest/yaml/yaml-values.js';
import type { DraftEntry, DraftTable, DraftWave, InventoryDraft } from './draft.js';

/** Reads the YAML of an inventory into typed values. Values of the wrong type are left out. */
export function readInventoryDraft(root: YamlMap): InventoryDraft {
  const policy = valueOf(root, 'policy');
  return {
    at: startOfRange(root.at),
    name: textOf(valueOf(root, 'name')),
    manifest: textOf(valueOf(root, 'manifest')),
    entries: entriesIn(valueOf(root, 'instances')),
    tables: itemsOf(valueOf(root, 'instancesFrom')).flatMap(readTable),
    waves: itemsOf(valueOf(root, 'waves')).flatMap(readWave),
    minInstances: numberOf(valueOf(policy, 'minInstances')),
    maxInstances: limitIn(valueOf(policy, 'maxInstances')),
    instancesAt: entryOf(root, 'instances')?.keyAt ?? entryOf(root, 'instancesFrom')?.keyAt ?? null,
  };
}

function entriesIn(node: YamlValue | null): DraftEntry[] {
  if (node?.kind !== 'map') return [];
  return [...node.entries].map(([name, entry]) => readEntry(name, entry));
}

function readEntry(name: string, { keyAt, value }: YamlEntry): DraftEntry {
  const overlay = valueOf(value, 'overlay');
  return {
    name: { value: name, at: keyAt },
    labels: labelsIn(valueOf(value, 'labels')),
    manifest: textOf(valueOf(value, 'manifest')),
    overlay: overlay?.kind === 'map' ? overlay : null,
    suspended: readSuspended(entryOf(value, 'suspended')),
    source: JSON.stringify(plainOf(value)),
  };
}

function labelsIn(node: YamlValue | null): Map<string, SourceRange<string>> {
  const labels = new Map<string, SourceRange<string>>();
  if (node?.kind !== 'map') return labels;
  for (const [label, { value }] of node.entries) {
    // Keep numbers: they are reported as invalid labels, not as missing ones.
    if (value.kind === 'scalar' && value.value !== null)
      labels.set(label, { value: value.source, at: value.at });
  }
  return labels;
}

function readSuspended(entry: YamlEntry | null): DraftEntry['suspended'] {
  const reason = textOf(valueOf(entry?.value, 'reason'));
  if (!entry || !reason) return null;
  return { reason: reason.value.trim(), until: textOf(valueOf(entry.value, 'until')) };
}

function readTable(node: YamlValue): DraftTable[] {
  const file = textOf(valueOf(node, 'file'));
  return file ? [{ file, labels: textList(valueOf(node, 'labels')) }] : [];
}

function readWave(node: YamlValue): DraftWave[] {
  const name = textOf(valueOf(node, 'name'));
  if (!name) return [];
  return [
    {
      name,
      where: textList(valueOf(node, 'where')),
      mayFail: limitIn(valueOf(node, 'mayFail')),
      atOnce: numberOf(valueOf(node, 'atOnce'))?.value ?? null,
    },
  ];
}
