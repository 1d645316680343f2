import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json } from './namespace.ts'
import { run } from './run.ts'
import type { TestCluster } from './shared-cluster.ts'

/** The context of a kubeconfig whose cluster the tests run on in place of one of ours; undefined without LANDFALL_TEST_CONTEXT. */
export function otherContext(env: NodeJS.ProcessEnv): string | undefined {
  return env.LANDFALL_TEST_CONTEXT === '' ? undefined : env.LANDFALL_TEST_CONTEXT
}

/**
 * The cluster of a context, reached by the kubectl in PATH, with a kubeconfig that holds nothing else until it is closed.
 * Throws an Error with the words of kubectl.
 */
export async function openContext(
  context: string,
): Promise<{ cluster: TestCluster; close: () => void }> {
  const kubectl = 'kubectl'
  const directory = mkdtempSync(join(tmpdir(), 'landfall-context-'))
  const kubeconfig = join(directory, 'kubeconfig')
  const flat = ['--context', context, '--minify', '--flatten', '--raw', '-o', 'json']
  writeFileSync(kubeconfig, await said(kubectl, ['config', 'view', ...flat]), { mode: 0o600 })
  const nodes: Json[] = JSON.parse(
    await said(kubectl, ['--kubeconfig', kubeconfig, 'get', 'nodes', '-o', 'json']),
  ).items
  return {
    cluster: {
      name: context,
      context,
      kubeconfig,
      kubectl,
      nodes: nodes.map(({ metadata, status }) => ({
        name: metadata.name,
        address:
          status.addresses?.find(({ type }: Json) => type === 'InternalIP')?.address ??
          metadata.name,
      })),
      registry: '',
      packageRegistry: '',
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}

async function said(program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program, args)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${code}\n${stderr}`)
  return stdout
}
