import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ciWorkflow, exampleManifest, ignoreFile } from '../../src/export/example.js';
import { checkAgainstCatalogue } from '../../src/manifest/load.js';
import { company, loadFiles } from './support.js';

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<
    string,
    { steps: { name?: string; if?: string; run?: string; env?: Record<string, string> }[] }
  >;
}

describe('the example manifest', () => {
  it('is valid as it stands, without a warning', async () => {
    const loaded = await loadFiles(exampleManifest());
    expect(loaded.warnings).toEqual([]);
    expect(loaded.manifest.roles.map(({ name }) => name)).toEqual(['Data Analyst', 'Finance Viewer']);
    expect(loaded.manifest.policy.minAdmins).toBe(2);
  });

  it('names only grants that instances have, with all that they need', async () => {
    const { catalogue, roles } = company();
    const held = new Set(roles.flatMap(({ grants }) => grants));
    expect(checkAgainstCatalogue(await loadFiles(exampleManifest()), catalogue, held)).toEqual([]);
  });

  it('is for no real instance until somebody says which', async () => {
    const loaded = await loadFiles(exampleManifest());
    expect(loaded.manifest.instance).toBe('your-instance');
  });

  it('leads editors to the schema that it is told', () => {
    const [file] = exampleManifest({ schemaUrl: 'https://acme.example/s.json' });
    expect(file?.text.split('\n')[0]).toBe('# yaml-language-server: $schema=https://acme.example/s.json');
  });
});

describe('the workflow', () => {
  const workflow = parse(ciWorkflow({ version: '1.2.3' }).text) as Workflow;
  const steps = workflow.jobs['plan']?.steps ?? [];

  it('runs on pull requests with no more than the right to read', () => {
    expect(Object.keys(workflow.on)).toEqual(['pull_request']);
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  it('validates every pull request, and plans those that may have the secrets', () => {
    const validate = steps.find(({ name }) => name === 'Validate');
    const plan = steps.find(({ name }) => name === 'Plan');
    expect(validate).toEqual({
      name: 'Validate',
      run: 'npx --yes domo-roles@1.2.3 validate --format github',
    });
    expect(plan?.run).toBe('npx --yes domo-roles@1.2.3 plan --report markdown=plan.md');
    expect(plan?.if).toContain('head.repo.full_name == github.repository');
    expect(Object.keys(plan?.env ?? {})).toEqual(['DOMO_INSTANCE', 'DOMO_ACCESS_TOKEN']);
  });

  it('puts nothing of a pull request into a shell', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('runs the latest release where no version is given', () => {
    expect(ciWorkflow().text).toContain('npx --yes domo-roles plan');
  });
});

describe('the ignore file', () => {
  it('keeps run folders and the token out of the repository', () => {
    expect(ignoreFile()).toEqual({ path: '.gitignore', text: '.domo-roles/\n.env\n' });
  });
});
