import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { type Finished, landfall, type Namespace, onSharedCluster } from '@landfall/testkit'
import { afterAll } from 'vitest'

/** Small projects of a test file, each in a directory of its own that goes at the end. */
export function projects(): {
  write(name: string, compose: string, settings?: string): Promise<string>
  /** `landfall up` of a project that was written, whatever its exit code. */
  up(namespace: Namespace, directory: string, ...options: string[]): Promise<Finished>
} {
  const root = mkdtemp(`${tmpdir()}/landfall-verdict-`)
  afterAll(async () => rm(await root, { recursive: true, force: true }))
  return {
    async write(name, compose, settings) {
      const directory = `${await root}/${name}`
      await mkdir(directory, { recursive: true })
      await writeFile(`${directory}/compose.yaml`, compose)
      if (settings !== undefined) await writeFile(`${directory}/landfall.yaml`, settings)
      return directory
    },
    up: (namespace, directory, ...options) =>
      landfall(['up', directory, ...onSharedCluster(namespace.name), ...options]),
  }
}
