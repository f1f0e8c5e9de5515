import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { loadInventory } from '../../src/inventory/load-inventory.js';
import type { SandboxRole } from '../../src/sandbox/index.js';
import { openEngineStage } from '../support/engines.js';
import type { EngineStage } from '../support/engines.js';
import { readFleet, statuses } from '../support/fleet-stage.js';
import type { Ended } from '../support/cli.js';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'examples');
const FILES = ['fleet-apply.yaml', 'fleet-merge.yaml', 'fleet-drift.yaml', 'cronjob.yaml'] as const;

interface Container {
  name: string;
  workingDir?: string;
  command?: string[];
  args: string[];
  env?: { name: string; value?: string; valueFrom?: { fieldRef: { fieldPath: string } } }[];
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
}

interface JobSpec {
  completionMode?: string;
  completions?: number;
  parallelism?: number;
  backoffLimitPerIndex?: number;
  podReplacementPolicy?: string;
  podFailurePolicy?: {
    rules: { action: string; onExitCodes?: { containerName: string; values: number[] } }[];
  };
  template: {
    spec: {
      restartPolicy: string;
      containers: [Container];
      volumes: {
        name: string;
        secret?: { secretName: string };
        persistentVolumeClaim?: object;
        emptyDir?: object;
      }[];
    };
  };
}

/** The parts of a Kubernetes document that these tests read. */
interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  spec: JobSpec & { concurrencyPolicy?: string; jobTemplate?: { spec: JobSpec } };
}

const read = async (file: string): Promise<Resource[]> =>
  parseAllDocuments(await readFile(join(EXAMPLES, 'kubernetes', file), 'utf8')).map(
    (document) => document.toJS() as Resource,
  );

const resources = (await Promise.all(FILES.map(read))).flat();
const specOf = ({ spec }: Resource): JobSpec => spec.jobTemplate?.spec ?? spec;
const jobs = resources.filter(({ kind }) => kind === 'Job' || kind === 'CronJob');
const indexed = jobs.filter((one) => specOf(one).completionMode === 'Indexed');
const jobNamed = (name: string): Resource => {
  const found = jobs.find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`no job ${name}`);
  return found;
};
const argsOf = (one: Resource): string => specOf(one).template.spec.containers[0].args.join(' ');

describe('the files for Kubernetes', () => {
  /** The error that the published schema of its kind reports; null if there is none. */
  async function faultOf({ apiVersion, kind, ...rest }: Resource): Promise<string | null> {
    const models = (await import(`kubernetes-models/${apiVersion}/${kind}`)) as Record<
      string,
      new (data: unknown) => { validate: () => void }
    >;
    const Model = models[kind];
    if (!Model) throw new Error(`no model of ${kind}`);
    try {
      new Model(rest).validate();
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  it.each(resources.map((one) => [`${one.kind} ${one.metadata.name}`, one] as const))(
    'match the schema of Kubernetes, which also rejects wrong files: %s',
    async (_name, resource) => {
      const wrong = structuredClone(resource);
      if (wrong.kind === 'PersistentVolumeClaim') Object.assign(wrong.spec, { accessModes: 'ReadWriteMany' });
      else if (wrong.kind === 'Job') Object.assign(wrong.spec, { completions: 'three' });
      else Object.assign(wrong.spec, { schedule: 3 });
      expect(await faultOf(resource)).toBeNull();
      expect(await faultOf(wrong)).not.toBeNull();
    },
  );

  /** The errors of the compiler for documents as values of the published types. */
  function typeFaults(documents: readonly Resource[]): string[] {
    const file = join(ROOT, 'test/examples/kubernetes-values.ts');
    const text = documents.map(
      (one, index) =>
        `import type { ${one.kind} as T${index} } from 'kubernetes-types/${moduleOf(one)}.js';\nexport const v${index}: T${index} = ${JSON.stringify(one)};\n`,
    );
    const options = {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      types: [],
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      module: ts.ModuleKind.NodeNext,
    };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.getSourceFile = (path, ...rest) =>
      path === file
        ? ts.createSourceFile(path, text.join(''), ts.ScriptTarget.ES2023)
        : getSourceFile.call(host, path, ...rest);
    host.fileExists = (path) => path === file || fileExists.call(host, path);
    return ts
      .getPreEmitDiagnostics(ts.createProgram([file], options, host))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  }
  const moduleOf = ({ apiVersion }: Resource): string => (apiVersion === 'v1' ? 'core/v1' : apiVersion);

  it('match its types, which also reject an unknown key', () => {
    expect(typeFaults(resources)).toEqual([]);
    const wrong = structuredClone(resources[1] as Resource);
    Object.assign(wrong.spec, { backoffLimitPerindex: 3 });
    expect(typeFaults([wrong]).join()).toContain('backoffLimitPerindex');
  });

  it('give Indexed jobs an index and as many shards as completions, and no other job', () => {
    expect(indexed.map(({ metadata }) => metadata.name)).toEqual([
      'domo-roles-production',
      'domo-roles-fleet-drift',
    ]);
    for (const job of jobs) {
      const { completions, parallelism } = specOf(job);
      const shards = /--shard auto\/(\d+)/u.exec(argsOf(job))?.[1];
      const isIndexed = indexed.includes(job);
      expect([argsOf(job).includes('$JOB_COMPLETION_INDEX'), shards !== undefined]).toEqual([
        isIndexed,
        isIndexed,
      ]);
      if (!isIndexed) continue;
      expect(Number(shards)).toBe(completions);
      expect(parallelism).toBeLessThanOrEqual(completions ?? 0);
    }
  });

  it('retry an index unless it is done or needs attention, and never run it twice at a time', () => {
    for (const job of indexed) {
      const { backoffLimitPerIndex = 0, podReplacementPolicy, podFailurePolicy, template } = specOf(job);
      expect(backoffLimitPerIndex).toBeGreaterThan(0);
      expect([podReplacementPolicy, template.spec.restartPolicy]).toEqual(['Failed', 'Never']);
      const fails = podFailurePolicy?.rules.filter(({ action }) => action === 'FailIndex') ?? [];
      expect(fails.map(({ onExitCodes }) => onExitCodes)).toEqual([
        { containerName: template.spec.containers[0].name, operator: 'In', values: [2, 3, 4] },
      ]);
    }
    for (const { kind, spec } of jobs) if (kind === 'CronJob') expect(spec.concurrencyPolicy).toBe('Forbid');
  });

  it('keep run files on a volume that outlives the pod, locks in the pod, and tokens in a secret', () => {
    for (const job of [
      ...indexed,
      jobNamed('domo-roles-production-merge'),
      jobNamed('domo-roles-fleet-drift-merge'),
    ]) {
      const { containers, volumes } = specOf(job).template.spec;
      const [{ volumeMounts, env = [] }] = containers;
      const volumeAt = (path: string) => {
        const mount = volumeMounts.find(({ mountPath }) => mountPath === path);
        return volumes.find(({ name }) => name === mount?.name);
      };
      expect(volumeAt('/runs')?.persistentVolumeClaim).toEqual({ claimName: 'domo-roles-runs' });
      expect(volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.map(({ name }) => name).sort());
      if (!indexed.includes(job)) continue;
      expect(volumeAt('/run/domo')?.secret?.secretName).toBe('domo-roles-tokens');
      const locks = env.find(({ name }) => name === 'XDG_STATE_HOME')?.value;
      if (argsOf(job).includes('apply')) expect(volumeAt(locks ?? '')?.emptyDir).toEqual({});
    }
  });
});

interface PodRun {
  /** The id of the job. */
  run?: string | undefined;
  env?: Readonly<Record<string, string>>;
}

describe('the container commands, run once per index', () => {
  let stage: EngineStage;
  afterEach(() => stage.close());

  async function open(): Promise<readonly string[]> {
    const { inventory } = await loadInventory('fleet.yaml', {
      cwd: join(EXAMPLES, 'fleet'),
      now: new Date().toISOString(),
    });
    const names = inventory?.entries.map(({ name }) => name) ?? [];
    stage = await openEngineStage(names);
    await cp(join(EXAMPLES, 'fleet'), join(stage.folder, 'fleet'), { recursive: true });
    await mountSecret(names);
    return names;
  }

  /** A secret as a pod sees it: each key is a link to a file. */
  async function mountSecret(keys: readonly string[]): Promise<void> {
    const folder = join(stage.folder, 'run/domo');
    await mkdir(join(folder, '..2026'), { recursive: true });
    await symlink('..2026', join(folder, '..data'));
    for (const key of keys) {
      await writeFile(join(folder, '..2026', key), await readFile(join(stage.folder, 'tokens', key)));
      await symlink(`..data/${key}`, join(folder, key));
    }
  }

  /** The values that a pod gets from the downward API. */
  const LABELS: Readonly<Record<string, string>> = {
    "metadata.labels['batch.kubernetes.io/job-name']": 'domo-roles-fleet-drift-29401337',
  };

  /** Runs the commands of a pod of this job, with its folders inside the stage. */
  async function runPod(job: Resource, { run = '', env = {} }: PodRun = {}): Promise<Ended> {
    const [container] = specOf(job).template.spec.containers;
    const labels = { ...LABELS, "metadata.labels['batch.kubernetes.io/controller-uid']": run };
    const own = (container.env ?? []).map(({ name, value, valueFrom }): [string, string] => [
      name,
      value ?? Object.entries(labels).find(([path]) => path === valueFrom?.fieldRef.fieldPath)?.[1] ?? '',
    ]);
    const inside = (text: string): string =>
      container.volumeMounts.reduce(
        (all, { mountPath }) =>
          all.replaceAll(new RegExp(`${mountPath}(?=[/ "\n-]|$)`, 'gu'), join(stage.folder, mountPath)),
        text,
      );
    const words = [...(container.command ?? []), ...container.args].map(
      (word) => `'${inside(word).replaceAll("'", `'\\''`)}'`,
    );
    const values = [...own, ...Object.entries(env)].map(([name, value]) => [name, inside(value)]);
    return stage.shell(
      `cd ${join(stage.folder, container.workingDir ?? '.')} && ${words.join(' ')}`,
      Object.fromEntries(values) as Record<string, string>,
    );
  }

  const runIndexes = (job: Resource, { run, env = {} }: PodRun = {}): Promise<Ended[]> =>
    Promise.all(
      Array.from({ length: specOf(job).completions ?? 0 }, (_, index) =>
        runPod(job, { run, env: { ...env, JOB_COMPLETION_INDEX: String(index) } }),
      ),
    );

  it('apply a wave even if a pod fails and is restarted, and are merged to one document', async () => {
    await open();
    const job = jobNamed('domo-roles-production');
    const hooli = stage.sandboxes.get('hooli');
    hooli?.setFaults([{ name: '500', method: 'PUT', times: 1 }]);

    const ended = await runIndexes(job, { run: 'one', env: { DOMO_ROLES_RETRIES: '0' } });
    const failed = ended.findIndex(({ code }) => code !== 0);
    expect(ended.map(({ code }) => code).filter((code) => code !== 0)).toEqual([5]);
    const again = { run: 'one', env: { JOB_COMPLETION_INDEX: String(failed) } };
    expect(await runPod(job, again)).toMatchObject({ code: 0 });

    expect(await runPod(jobNamed('domo-roles-production-merge'))).toMatchObject({ code: 0 });
    const document = await readFleet(join(stage.folder, 'runs/production-merged'));
    expect(new Set(document.rows.map(({ status }) => status))).toEqual(new Set(['done', 'suspended']));
    expect(document.rows.find(({ instance }) => instance === 'hooli')?.attempts).toHaveLength(1);
  });

  it('apply a wave again when its job is recreated', async () => {
    await open();
    const job = jobNamed('domo-roles-production');
    await runIndexes(job, { run: 'one' });
    const reader = (): SandboxRole | undefined =>
      stage.sandboxes
        .get('hooli')
        ?.state()
        .roles.find(({ name }) => name === 'Reader');
    stage.sandboxes.get('hooli')?.edit({ edit: 'set-grants', roleId: reader()?.id ?? 0, authorities: [] });
    for (const { code } of await runIndexes(job, { run: 'two' })) expect(code).toBe(0);
    expect(reader()?.authorities).not.toEqual([]);
    await runPod(jobNamed('domo-roles-production-merge'));
    const { rows } = await readFleet(join(stage.folder, 'runs/production-merged'));
    expect(rows.filter(({ status }) => status === 'done').map(({ instance }) => instance)).toEqual(['hooli']);
  });

  it('check all instances for drift, and exit with 2 when there is some', async () => {
    const names = await open();
    const job = jobNamed('domo-roles-fleet-drift');
    for (const { code } of await runIndexes(job)) expect(code).toBe(2);
    const merged = await runPod(jobNamed('domo-roles-fleet-drift-merge'));
    expect(merged.code).toBe(2);
    const document = await readFleet(join(stage.folder, 'runs/domo-roles-fleet-drift-29401337-merged'));
    expect(statuses(document)).toEqual(
      [...names].sort().map((name) => `${name} ${name === 'initech' ? 'suspended' : 'drift'}`),
    );
  });
});
