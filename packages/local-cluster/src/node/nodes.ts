import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type NetworkTools, networkTools } from '../cache/network-tools.ts'
import { provideParts } from '../cache/parts.ts'
import { nodePlans } from '../cluster/describe.ts'
import { type ClusterPaths, clusterPaths, nodePaths } from '../cluster/paths.ts'
import { readRecord } from '../cluster/record.ts'
import type { ClusterOptions } from '../contract.ts'
import { kubeconfig, readCertificate } from '../control-plane/kubeconfig.ts'
import { makeCgroup, removeCgroup } from '../host/cgroups.ts'
import {
  endProcess,
  fingerprintOf,
  recordProcess,
  runningProcess,
  runsAs,
} from '../host/processes.ts'
import { writeWhole } from '../host/write-whole.ts'
import { type AddressPlan, addressPlan, type NodePlan } from '../network/address-plan.ts'
import { unplug } from '../network/host-network.ts'
import { boot } from './boot.ts'
import { initScript } from './init-script.ts'
import { hostNetwork, type NodeInputs, nodeFiles, nodeSpec } from './node-files.ts'

/** Boots a node that does not run. One that was booted with other settings loses its power first. Resolves with whether it was booted. */
export async function ensureNode(inputs: NodeInputs): Promise<boolean> {
  const { plan, node, paths, tools } = inputs
  writeNode(inputs)
  if (runsAs(paths, node.name, settingsOf(paths, node))) return false
  await cutPower(paths, plan.id, node, tools)
  await bootNode(paths, plan, node, tools)
  return true
}

/** A hash of all that the node's programs read when they start. */
function settingsOf(paths: ClusterPaths, node: NodePlan): string {
  const { etc, init } = nodePaths(paths, node.name)
  const names = readdirSync(etc, { recursive: true, encoding: 'utf8' }).sort()
  const files = names.map((name) => join(etc, name)).filter((file) => statSync(file).isFile())
  return fingerprintOf([init, ...files].map((file) => readFileSync(file, 'utf8')))
}

/** Writes what the node's programs read. */
function writeNode(inputs: NodeInputs): void {
  const { plan, node, paths } = inputs
  const { etc, log, init, volumes } = nodePaths(paths, node.name)
  for (const directory of [etc, log, volumes]) mkdirSync(directory, { recursive: true })
  for (const [name, text] of Object.entries(nodeFiles(inputs))) writeWhole(join(etc, name), text)
  const users = { kubelet: node.name, 'kube-proxy': 'proxy' }
  for (const [file, user] of Object.entries(users))
    writeWhole(
      join(etc, `${file}.kubeconfig`),
      kubeconfig(plan.apiServer, 'landfall', user, readCertificate(paths.pki, user)),
      0o600,
    )
  writeWhole(init, initScript(nodeSpec(inputs)))
}

/** Starts the node's process 1, which starts everything else. */
async function bootNode(
  paths: ClusterPaths,
  plan: AddressPlan,
  node: NodePlan,
  tools: NetworkTools,
): Promise<void> {
  await unplug(node.cable, tools)
  makeCgroup(plan.id, node.name)
  const { init, initLog } = nodePaths(paths, node.name)
  const pid = await boot(
    {
      cgroup: `${plan.id}/system`,
      script: init,
      log: initLog,
      network: hostNetwork(plan, node),
    },
    tools,
  )
  recordProcess(paths, node.name, pid, settingsOf(paths, node))
}

/** Ends the node at once, as when its power is cut. Its disk stays: volumes, images, what its containers wrote. */
export async function cutPower(
  paths: ClusterPaths,
  clusterId: string,
  node: NodePlan,
  tools: NetworkTools,
): Promise<void> {
  await endProcess(paths, node.name)
  await unplug(node.cable, tools)
  await removeCgroup(`${clusterId}/${node.name}`)
}

/** Cuts the power of one node of a running cluster. */
export async function nodePowerOff(options: ClusterOptions, name: string): Promise<void> {
  const { paths, plan, node } = find(options, name)
  await cutPower(paths, plan.id, node, await networkTools(options.cacheDirectory, () => {}))
}

/** Gives a node its power back; it is Ready some seconds later. Does nothing when the node runs. */
export async function nodePowerOn(options: ClusterOptions, name: string): Promise<void> {
  const { paths, plan, node, parts } = find(options, name)
  if (runningProcess(paths, name) !== undefined) return
  const { tools } = parts ?? (await provideParts(options, undefined, () => {}))
  await bootNode(paths, plan, node, tools)
}

function find(options: ClusterOptions, name: string) {
  const paths = clusterPaths(options)
  const record = readRecord(paths.record)
  if (record === undefined) throw new Error(`cluster ${options.name} does not exist`)
  const plan = addressPlan(record.slot)
  const node = nodePlans(plan, record.nodes).find((candidate) => candidate.name === name)
  if (node === undefined) throw new Error(`cluster ${options.name} has no node ${name}`)
  return { paths, plan, node, parts: record.parts }
}
