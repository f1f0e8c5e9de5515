import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openFleetStage } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

let stage: FleetStage;

beforeEach(async () => {
  stage = await openFleetStage(['acme', 'globex']);
  await stage.write(
    'base.yaml',
    `apiVersion: domo-roles/v1
kind: Roles
roles:
  Finance Viewer: { owner: finance-data, description: Looks, grants: [alert.edit] }
  Media Editor: { owner: '<b>media</b>', description: Edits, grants: [content.export] }
  Plain: { description: No one answers for it, grants: [alert.edit] }
`,
  );
});
afterEach(() => stage.close());

const IN_TEXT = `Owner "<b>media</b>": 1 role on 2 instances

2 instances with changes  acme, globex
  + role Media Editor, made like Social`;

const headings = (text: string): string[] => text.match(/^### Changes.*$/gmu) ?? [];

describe('--group-by owner over a fleet', () => {
  it('groups the changes of a plan in text, Markdown and HTML, and leaves other formats as they are', async () => {
    const reports = ['text', 'markdown', 'html', 'json', 'csv', 'junit'].flatMap((format) => [
      '--report',
      `${format}=out.${format}`,
    ]);
    const { stdout } = await stage.fleet('plan', '--group-by', 'owner', '--out', 'run', ...reports);
    const read = (file: string): Promise<string> => readFile(join(stage.folder, file), 'utf8');
    expect(await read('out.text')).toBe(stdout);
    expect(stdout).toContain('Owner finance-data: 1 role on 2 instances');
    expect(stdout).toContain('No owner: 1 role on 2 instances');
    expect(headings(await read('out.markdown'))).toEqual([
      '### Changes: owner `<b>media</b>` (1 role on 2 instances)',
      '### Changes: owner `finance-data` (1 role on 2 instances)',
      '### Changes: no owner (1 role on 2 instances)',
    ]);
    const html = await read('out.html');
    expect(html).toContain('Changes by owner, grouped by equal instances');
    expect(html.match(/<h3 class="owner">/gu)).toHaveLength(3);
    expect(html).not.toContain('<b>media');
    const plain = await stage.offline(
      'report',
      'run',
      '--report',
      'csv=plain.csv',
      '--report',
      'json=plain.json',
    );
    expect(plain.stdout).not.toContain('finance-data');
    for (const format of ['csv', 'json'])
      expect(await read(`out.${format}`)).toBe(await read(`plain.${format}`));
  });

  it('renders saved documents and merged shards in the same way', async () => {
    const { stdout } = await stage.fleet('plan', '--group-by', 'owner', '--out', 'run');
    expect(stdout).toContain(IN_TEXT);
    const changes = stdout.slice(stdout.indexOf(IN_TEXT));
    const report = await stage.offline('report', 'run', '--group-by', 'owner');
    expect(report.stdout).toBe(stdout);
    for (const shard of ['1/2', '2/2']) await stage.fleet('plan', '--shard', shard, '--out', `s${shard[0]}`);
    const merged = await stage.offline('merge', 's1', 's2', '--out', 'all', '--group-by', 'owner');
    expect(merged.stdout).toContain(changes);
  });

  it('groups the differences of a drift', async () => {
    const { stdout } = await stage.fleet('drift', '--group-by', 'owner', '--format', 'markdown');
    expect(headings(stdout)).toContain('### Changes: owner `finance-data` (1 role on 2 instances)');
  });

  it('says where the plans are missing instead of naming no owner', async () => {
    await stage.fleet('plan', '--out', 'run');
    await rm(join(stage.folder, 'run', 'instances', 'globex'), { recursive: true });
    const { stdout } = await stage.offline('report', 'run', '--group-by', 'owner');
    expect(stdout).toContain('Owner finance-data: 1 role on 1 instance\n');
    expect(stdout).toContain('Owner unknown: no document with these changes for 1 instance\n');
  });

  it('accepts only owner', async () => {
    const { code, stderr } = await stage.fleet('plan', '--group-by', 'team');
    expect(code).toBe(1);
    expect(stderr).toContain('--group-by does not accept "team"');
  });
});
