import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ciWorkflow, exampleManifest, ignoreFile } from '../../src/export/example.js';
import { checkAgainstCatalogue } from '../../src/manifest/load/loaded-manifest.js';
import { company, loadFiles } from './support.js';

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<
    string,
    { steps: { name?: string; if?: string; run?: string; uses?: string; with?: Record<string, string> }[] }
  >;
}

describe('the example manifest', () => {
  it('is valid without changes or warnings', async () => {
    const loaded = await loadFiles(exampleManifest());
    expect(loaded.warnings).toEqual([]);
    expect(loaded.manifest.roles.map(({ name }) => name)).toEqual(['Data Analyst', 'Finance Viewer']);
    expect(loaded.manifest.policy.minAdmins).toBe(2);
  });

  it('names only grants that instances have, with all their dependencies', async () => {
    const { catalogue, roles } = company();
    const held = new Set(roles.flatMap(({ grants }) => grants));
    expect(checkAgainstCatalogue(await loadFiles(exampleManifest()), catalogue, held)).toEqual([]);
  });

  it('matches no instance until the user sets its name', async () => {
    const loaded = await loadFiles(exampleManifest());
    expect(loaded.manifest.instance).toBe('your-instance');
  });

  it('names the given schema for editors', () => {
    const [file] = exampleManifest({ schemaUrl: 'https://acme.example/s.json' });
    expect(file?.text.split('\n')[0]).toBe('# yaml-language-server: $schema=https://acme.example/s.json');
  });
});

describe('the workflow', () => {
  const workflow = parse(ciWorkflow({ version: '1.2.3' }).text) as Workflow;
  const steps = workflow.jobs['plan']?.steps ?? [];
  const named = (wanted: string) => steps.find(({ name }) => name === wanted);

  it('runs on pull requests, and may write only their comment', () => {
    expect(Object.keys(workflow.on)).toEqual(['pull_request']);
    expect(workflow.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
  });

  it('validates every pull request without a secret, and plans those that may use one', () => {
    expect(named('Validate')).toEqual({
      name: 'Validate',
      uses: 'domo-roles/domo-roles@v1.2.3',
      with: { mode: 'validate' },
    });
    expect(named('Plan')?.if).toBe("env.IS_FORK == 'false'");
    expect(named('Plan')?.with?.['token']).toBe('${{ secrets.DOMO_ACCESS_TOKEN }}');
    expect(JSON.stringify(named('Plan against the snapshot'))).not.toContain('secrets.');
  });

  it('passes no text of a pull request to a shell', () => {
    expect(steps.filter(({ run }) => run !== undefined)).toEqual([]);
  });

  it('runs the newest release of its major version if none is given', () => {
    expect(ciWorkflow().text).toContain('uses: domo-roles/domo-roles@v0\n');
  });

  it('equals the one in the examples', () => {
    const { path, text } = ciWorkflow();
    expect(path).toBe('.github/workflows/domo-roles-plan.yml');
    expect(
      readFileSync(join(import.meta.dirname, '../../examples/ci/github/domo-roles-plan.yml'), 'utf8'),
    ).toBe(text);
  });
});

describe('the ignore file', () => {
  it('keeps run folders and the token out of the repository', () => {
    expect(ignoreFile()).toEqual({ path: '.gitignore', text: '.domo-roles/\n.env\n' });
  });
});
