import { type Finished, type Namespace, run, sharedCluster } from '@landfall/testkit'
import { helmProgram } from '@landfall/testkit/helm'

const found = helmProgram()
if ('missing' in found) process.stderr.write(`helm cannot be built here: ${found.missing}\n`)
const program = 'program' in found ? found.program : ''

/** Whether the real helm is here. */
export const hasHelm: boolean = program !== ''

/** Runs helm in a namespace of the shared cluster. */
export function tryHelm(of: { name: string }, ...args: string[]): Promise<Finished> {
  return run(program, ['--kubeconfig', sharedCluster().kubeconfig, '-n', of.name, ...args])
}

/** The same; throws where it fails. */
export async function helmIn(of: { name: string }, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tryHelm(of, ...args)
  if (code !== 0) throw new Error(`helm ${args.join(' ')}: exit ${code}\n${stdout}${stderr}`)
  return stdout
}

/** `http://10.89.0.11:31234` of a published port; of the only one if none is named. */
export async function nodePortAddress(namespace: Namespace, port?: number): Promise<string> {
  const ports = (await namespace.list('services')).flatMap(({ spec }) =>
    (spec.ports ?? []).filter(
      (one: { port: number; nodePort?: number }) =>
        one.nodePort !== undefined && (port === undefined || one.port === port),
    ),
  )
  const node = JSON.parse(await namespace.kubectl(['get', 'nodes', '-o', 'json'])).items[0]
  const { address: host } = node.status.addresses.find(
    ({ type }: { type: string }) => type === 'InternalIP',
  )
  return `http://${host}:${ports[0].nodePort}`
}
