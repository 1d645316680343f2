// The process that provides claims of a cluster with volumes; `command.ts` has the command that starts it.
import { parseArgs } from 'node:util'
import { connectApi } from '../control-plane/api.ts'
import { readCertificate } from '../control-plane/kubeconfig.ts'
import { nodeDisks } from './directories.ts'
import { runProvisioner } from './provisioner.ts'

const option = { type: 'string' } as const
const options = {
  /** `https://10.0.0.1:6443` */
  server: option,
  /** The directory of keys and certificates, with those of the user `volumes`. */
  pki: option,
  /** The name of the provisioner in storage classes. */
  name: option,
  /** The directory of a node's volumes on this machine, with `%s` for the node's name. */
  'on-host': option,
  /** The same for the node. */
  'on-node': option,
}

async function main(): Promise<void> {
  const { server, pki, name, 'on-host': onHost, 'on-node': onNode } = parseArgs({ options }).values
  if (!(server && pki && name && onHost && onNode))
    throw new Error('usage: volumes --server URL --pki DIR --name NAME --on-host DIR --on-node DIR')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))
  const { client } = await connectApi(server, readCertificate(pki, 'volumes'))
  await runProvisioner({
    client,
    provisioner: { name, onNode },
    disks: nodeDisks(onHost),
    log: (line) => process.stdout.write(`${new Date().toISOString()} ${line}\n`),
    signal: new AbortController().signal,
  })
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
