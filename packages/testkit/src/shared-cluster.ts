import type { Cluster } from '@landfall/local-cluster'
import { afterAll, inject, onTestFailed } from 'vitest'
import { type Namespace, namespaceOf } from './namespace.ts'
import { landfall } from './run.ts'

/** The cluster of a run of tests. */
export interface TestCluster extends Cluster {
  /** Of the kubeconfig of whoever runs the tests, where the cluster is not one of ours; such a cluster has no registries. */
  context?: string
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster
  }
}

/** The cluster that all end-to-end tests of one run share; e2e/setup.ts starts it. */
export function sharedCluster(): TestCluster {
  return inject('cluster')
}

/** The arguments that make a `landfall` command use the shared cluster and the given namespace. */
export function onSharedCluster(namespace: string): string[] {
  const { name, context } = sharedCluster()
  const chosen = context === undefined ? ['--local', '--cluster', name] : ['--context', context]
  return [...chosen, '-n', namespace]
}

/** A namespace of its own for a test file: created by what the test runs, removed with everything in it at the end. */
export function testNamespace(name: string): Namespace {
  const namespace = namespaceOf(sharedCluster(), name)
  afterAll(async () => {
    await namespace.tryKubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false'])
  })
  return namespace
}

/** Keeps what a person would look at when the test that calls this fails. */
export function keepOnFailure(namespace: Namespace): void {
  onTestFailed(() => namespace.keepArtifacts(), 120_000)
}

/** `landfall ARGS` against the shared cluster; throws with everything it printed unless the exit code is the expected one. */
export async function landfallOnCluster(
  namespace: Namespace,
  command: string,
  args: readonly string[],
  expectedCode = 0,
): Promise<Awaited<ReturnType<typeof landfall>>> {
  const finished = await landfall([command, ...args, ...onSharedCluster(namespace.name)])
  if (finished.code !== expectedCode)
    throw new Error(
      `landfall ${command} ${args.join(' ')}: exit ${finished.code}, expected ${expectedCode}\n${finished.stdout}\n${finished.stderr}`,
    )
  return finished
}
