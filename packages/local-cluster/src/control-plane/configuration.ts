import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterPaths } from '../cluster/paths.ts'
import type { ClusterOptions } from '../contract.ts'
import { linkNew } from '../host/files/new-file.ts'
import { writeWhole } from '../host/write-whole.ts'
import type { AddressPlan } from '../network/address-plan.ts'
import { registryHosts } from '../node/node-files.ts'
import { pauseArchive } from '../node/pause-image.ts'
import { iptablesNames } from '../node/proxy-mode.ts'
import {
  type ControlPlaneInputs,
  corefile,
  nameServers,
  registryConfig,
  registryNames,
} from './control-plane.ts'
import { kubeconfig, readCertificate } from './kubeconfig.ts'
import { apiUsers } from './pki.ts'
import { dockerLogin, htpasswd, keepRegistryLogin } from './registry-login.ts'

/** Writes what control plane and nodes read, except the nodes' own files. */
export async function writeConfiguration(
  { plan, paths, tools }: Pick<ControlPlaneInputs, 'plan' | 'paths' | 'tools'>,
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
  await writeRegistries(paths, plan)
  if (!existsSync(inRun('registries'))) writeRegistryHosts(paths, plan, false)
  writeWhole(inRun('pause.tar'), await pauseArchive())
  if (tools.iptables !== undefined)
    for (const name of iptablesNames) link(tools.iptables, inRun('bin'), name)
}

async function writeRegistries(paths: ClusterPaths, plan: AddressPlan): Promise<void> {
  const inRun = (name: string) => join(paths.run, name)
  const login = await keepRegistryLogin(paths.registryLogin)
  writeWhole(inRun('htpasswd'), htpasswd(login), 0o600)
  writeWhole(paths.dockerLogin, dockerLogin(login, plan), 0o600)
  const stores = {
    registry: [plan.registry, plan.registryWriter, paths.registry],
    'package-registry': [plan.packageRegistry, plan.packageRegistryWriter, paths.packageRegistry],
  } as const
  for (const name of registryNames) {
    const [reader, writer, directory] = stores[name]
    mkdirSync(directory, { recursive: true })
    writeWhole(inRun(`${name}.yaml`), registryConfig(reader, directory, undefined))
    writeWhole(
      inRun(`${name}-writer.yaml`),
      registryConfig(writer, directory, { htpasswd: inRun('htpasswd') }),
    )
  }
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
function link(program: string, directory: string, name: string): void {
  mkdirSync(directory, { recursive: true })
  rmSync(join(directory, name), { force: true })
  linkNew(program, join(directory, name))
}
