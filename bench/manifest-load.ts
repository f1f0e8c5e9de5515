import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { validateManifest } from '../src/manifest/load/load.js';
import { measure, task } from './measure.js';

/** Loads the manifest. If it is named twice, only composes its YAML with the library. */
const { manifest, snapshot } = task();
await measure(async () => {
  if (snapshot === manifest) {
    parseDocument(readFileSync(manifest, 'utf8'), { lineCounter: new LineCounter(), uniqueKeys: false });
    return;
  }
  const { problems } = await validateManifest([manifest], { cwd: dirname(manifest) });
  if (problems.length > 0) throw new Error(problems[0]?.message ?? '');
});
