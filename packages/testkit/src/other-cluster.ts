import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A cluster that is not ours: a context of the kubeconfig that kubectl would use. */
export interface OtherCluster {
  context: string
  /** The kubectl in PATH. */
  kubectl: string
}

/** The cluster that the tests should run on in place of one of our own; undefined if LANDFALL_TEST_CONTEXT is not set. */
export function otherCluster(env: NodeJS.ProcessEnv): OtherCluster | undefined {
  const context = env.LANDFALL_TEST_CONTEXT
  return context === undefined || context === '' ? undefined : { context, kubectl: 'kubectl' }
}

/** Serves the API of a context at a local address without credentials (`kubectl proxy`), until it is closed. */
export async function serveContext({
  kubectl,
  context,
}: OtherCluster): Promise<{ server: string; close: () => void }> {
  return serveByProxy(kubectl, ['--context', context])
}

/** The same for any arguments that choose a cluster. */
export async function serveByProxy(
  kubectl: string,
  args: readonly string[],
): Promise<{ server: string; close: () => void }> {
  const proxy = spawn(kubectl, [...args, 'proxy', '--port=0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const failed = new Promise<never>((_, reject) => proxy.on('error', reject))
  const served = (async () => {
    for await (const line of createInterface(proxy.stdout)) {
      const address = /Starting to serve on (\S+)/.exec(line)?.[1]
      if (address !== undefined) return { server: `http://${address}`, close: () => proxy.kill() }
    }
    throw new Error('kubectl proxy ended before it served')
  })()
  return Promise.race([served, failed])
}
