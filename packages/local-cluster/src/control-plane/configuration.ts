import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterPaths } from '../cluster/paths.ts'
import type { ClusterOptions } from '../contract.ts'
import { writeWhole } from '../host/write-whole.ts'
import type { AddressPlan } from '../network/address-plan.ts'
import { registryHosts } from '../node/node-files.ts'
import { pauseArchive } from '../node/pause-image.ts'
import { type ControlPlaneInputs, corefile, nameServers, registryConfig } from './control-plane.ts'
import { kubeconfig, readCertificate } from './kubeconfig.ts'
import { apiUsers } from './pki.ts'

/** Writes what control plane and nodes read, except the nodes' own files. */
export async function writeConfiguration(
  { plan, paths, programs, tools }: ControlPlaneInputs,
  options: ClusterOptions,
): Promise<void> {
  const inRun = (...names: string[]) => join(paths.run, ...names)
  for (const { name } of apiUsers)
    writeWhole(
      inRun(`${name}.kubeconfig`),
      kubeconfig(plan.apiServer, 'landfall', name, readCertificate(paths.pki, name)),
      0o600,
    )
  const admin = readCertificate(paths.pki, 'admin')
  const context = `landfall-${options.name}`
  writeWhole(paths.kubeconfig, kubeconfig(plan.apiServer, context, context, admin), 0o600)
  const forward = nameServers(readFileSync('/etc/resolv.conf', 'utf8'))
  writeWhole(inRun('Corefile'), corefile(plan, inRun('coredns.kubeconfig'), forward))
  writeWhole(inRun('registry.yaml'), registryConfig(plan.registry, paths.registry))
  writeWhole(
    inRun('package-registry.yaml'),
    registryConfig(plan.packageRegistry, paths.packageRegistry),
  )
  if (!existsSync(inRun('registries'))) writeRegistryHosts(paths, plan, false)
  writeWhole(inRun('pause.tar'), await pauseArchive(programs.pause))
  for (const name of ['iptables', 'ip6tables']) link(tools.root, inRun('bin'), name)
  for (const directory of [paths.registry, paths.packageRegistry])
    mkdirSync(directory, { recursive: true })
}

/** Writes where nodes look for images; they read it at each pull. */
export function writeRegistryHosts(
  paths: ClusterPaths,
  plan: AddressPlan,
  dockerHubAnswers: boolean,
): void {
  for (const [host, text] of Object.entries(registryHosts(plan, dockerHubAnswers)))
    writeWhole(join(paths.run, 'registries', host, 'hosts.toml'), text)
}

/** Debian's installation would make these links; the program looks at the name that it is called by. */
function link(root: string, directory: string, name: string): void {
  mkdirSync(directory, { recursive: true })
  rmSync(join(directory, name), { force: true })
  symlinkSync(join(root, 'usr/sbin/xtables-nft-multi'), join(directory, name))
}
