import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { readInputs } from '../../src/action/inputs.js';
import { EMPTY_STEP, outputsOf } from '../../src/action/step.js';
import { BUILT } from '../action/support.js';

const ROOT = join(import.meta.dirname, '../..');
// The published schemas of actions and workflows, in WebAssembly, without a network.
const validator = createRequire(import.meta.url)('@action-validator/core') as Record<
  'validateAction' | 'validateWorkflow',
  (text: string) => { errors: unknown[] }
>;
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
    (file) => `${folder}/${file.replaceAll('\\', '/')}`,
  );

const workflows = [...filesIn('examples/ci/github'), ...filesIn('.github/workflows')].filter((file) =>
  file.endsWith('.yml'),
);

// The validator always warns that it does not check path patterns.
const quiet = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
afterAll(() => quiet.mockRestore());

interface Described {
  inputs: Record<string, { description: string; default?: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string };
}

interface Workflow {
  permissions?: unknown;
  jobs: Record<string, { 'timeout-minutes'?: number; permissions?: unknown; steps?: WorkflowStep[] }>;
}

interface WorkflowStep {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

const action = parse(read('action.yml')) as Described;

describe('every YAML file of the examples', () => {
  const files = [...filesIn('examples'), 'action.yml', '.pre-commit-hooks.yaml'].filter((file) =>
    /\.ya?ml$/u.test(file),
  );

  it('exists', () => expect(files.length).toBeGreaterThan(10));

  it.each(files)('%s parses without errors or warnings', (file) => {
    const found = parseAllDocuments(read(file)).flatMap(({ errors, warnings }) => [...errors, ...warnings]);
    expect(found).toEqual([]);
  });
});

describe('the action', () => {
  it('matches the published schema of actions, which also rejects a wrong one', () => {
    expect(validator.validateAction(read('action.yml')).errors).toEqual([]);
    expect(validator.validateAction(read('action.yml').replace('node20', 'node99')).errors).not.toEqual([]);
  });

  it('runs the file that the build creates', () => {
    expect(action.runs).toEqual({ using: 'node20', main: 'dist/action/index.js' });
    // This is the file that the tests of the action's process start.
    expect(join(ROOT, action.runs.main)).toBe(BUILT);
  });

  it('describes exactly the inputs that it reads', () => {
    const asked = new Set<string>();
    const env = new Proxy(
      {},
      {
        get: (_target, name) => {
          if (typeof name === 'string' && name.startsWith('INPUT_')) asked.add(name.slice(6).toLowerCase());
          return undefined;
        },
      },
    );
    readInputs(env);
    expect(Object.keys(action.inputs).sort()).toEqual([...asked].sort());
  });

  it('states the actual defaults', () => {
    const given = Object.entries(action.inputs).flatMap(([name, { default: value }]) =>
      value === undefined || value.includes('${{') ? [] : [[`INPUT_${name.toUpperCase()}`, String(value)]],
    );
    expect(readInputs(Object.fromEntries(given) as Record<string, string>)).toEqual(readInputs({}));
  });

  it('describes exactly the outputs that it sets', () => {
    const set = outputsOf(EMPTY_STEP);
    expect(Object.keys(action.outputs).sort()).toEqual(Object.keys(set).sort());
  });
});

describe.each(workflows)('the workflow %s', (file) => {
  const workflow = parse(read(file)) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);

  it('matches the published schema of workflows, which also rejects a wrong one', () => {
    expect(validator.validateWorkflow(read(file)).errors).toEqual([]);
    expect(validator.validateWorkflow(read(file).replace('\njobs:', '\njob:')).errors).not.toEqual([]);
  });

  it('declares its permissions', () => expect(workflow.permissions).toBeDefined());

  it('uses no expressions in shell scripts except those of the matrix', () => {
    const shells = steps.map(({ run }) => run ?? '').join('\n');
    expect(shells.replaceAll(/\$\{\{ matrix\.[a-z]+ \}\}/gu, '')).not.toContain('${{');
  });

  it('uses only existing inputs and outputs of our action', () => {
    const ours = steps.filter(({ uses }) => uses?.startsWith('domo-roles/domo-roles@'));
    const unknown = ours.flatMap((step) =>
      Object.keys(step.with ?? {}).filter((name) => !Object.hasOwn(action.inputs, name)),
    );
    expect(unknown).toEqual([]);
    const asked = [...read(file).matchAll(/steps\.(?:plan|apply)\.outputs\.([\w-]+)/gu)].map(
      (match) => match[1] ?? '',
    );
    expect(asked.filter((name) => !Object.hasOwn(action.outputs, name))).toEqual([]);
  });
});
