import type { Fetch } from '@landfall/image'
import { clusterPaths } from '../cluster/paths.ts'
import { readRecord } from '../cluster/record.ts'
import type { ClusterOptions } from '../contract.ts'
import { addressPlan } from '../network/address-plan.ts'
import { basicAuthorization, readRegistryLogin } from './registry-login.ts'

/** What it takes to write into the registries of a cluster: only its owner can read that. */
export interface RegistryWriter {
  /** `host:port` of the cluster's own registry and of that of package images, on loopback. */
  registry: string
  packageRegistry: string
  /** Sends the login, to these two alone. */
  fetch: Fetch
  /** The path of Docker's `config.json` with the login, for builders. */
  dockerLogin: string
}

/** How to write into the registries of a cluster. Throws an Error when it is not this user's or was started by an older version. */
export function registryWriter(
  options: Pick<ClusterOptions, 'name' | 'cacheDirectory' | 'stateDirectory'>,
): RegistryWriter {
  const paths = clusterPaths({ nodes: 1, ...options })
  const record = readRecord(paths.record)
  const login = readRegistryLogin(paths.registryLogin)
  if (record === undefined || login === undefined)
    throw new Error(
      `the login for the registries of cluster ${options.name} is missing: run landfall cluster up --cluster ${options.name}`,
    )
  const plan = addressPlan(record.slot)
  const hosts = [plan.registryWriter, plan.packageRegistryWriter]
  const authorization = basicAuthorization(login)
  return {
    registry: plan.registryWriter,
    packageRegistry: plan.packageRegistryWriter,
    dockerLogin: paths.dockerLogin,
    fetch: (url, init) =>
      globalThis.fetch(
        url,
        hosts.includes(new URL(url).host)
          ? { ...init, headers: { ...init.headers, authorization } }
          : init,
      ),
  }
}
