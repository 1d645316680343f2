/** What the package managers in a build need to know to reach their registries from this machine. */
export interface ClientSettings {
  /** Contents of npm's global configuration file. */
  npmrc: string
  /** Contents of pip's global configuration file. */
  pip: string
}

/** Where images made from packages have the machine's certificates while they are built on. */
export const certificatesInImage = '/etc/ssl/certs/ca-certificates.crt'

/**
 * The settings for builds: the certificates, and the registries that this machine is configured to use. Keys are taken by name, so
 * that nothing else of a person's configuration, a token for instance, gets into a build.
 */
export function clientSettings(machine: {
  npmRegistry: string | undefined
  /** Contents of pip's configuration files, the most important last. */
  pipFiles: readonly string[]
  environment: Readonly<Record<string, string | undefined>>
}): ClientSettings {
  const pip = new Map([['cert', certificatesInImage]])
  for (const file of machine.pipFiles)
    for (const line of file.split('\n')) {
      const [, key, value] =
        /^\s*(index-url|extra-index-url|trusted-host)\s*[=:]\s*(\S.*)$/.exec(line) ?? []
      if (key !== undefined && value !== undefined) pip.set(key, value.trim())
    }
  for (const key of ['index-url', 'extra-index-url', 'trusted-host']) {
    const value = machine.environment[`PIP_${key.toUpperCase().replaceAll('-', '_')}`]
    if (value !== undefined) pip.set(key, value)
  }
  const registry = machine.npmRegistry === undefined ? [] : [`registry=${machine.npmRegistry}`]
  return {
    npmrc: `${[`cafile=${certificatesInImage}`, ...registry].join('\n')}\n`,
    pip: `[global]\n${[...pip].map(([key, value]) => `${key} = ${value}\n`).join('')}`,
  }
}
