import type { Progress } from '../contract.ts'
import { type HostTools, unpackHostTools } from './host-tools.ts'
import { buildPrograms, type Programs } from './programs.ts'

/**
 * Builds and unpacks everything that a cluster runs, both at the same time. With a warm cache it takes a moment. The first error ends
 * it; what was compiled until then stays in Go's cache. `onTools` gets the tools as soon as they are there.
 */
export async function prepare(
  cacheDirectory: string,
  progress: Progress,
  onTools: (tools: HostTools) => void = () => {},
): Promise<{ programs: Programs; tools: HostTools }> {
  const [tools, programs] = await Promise.all([
    unpackHostTools(cacheDirectory, progress).then((unpacked) => {
      onTools(unpacked)
      return unpacked
    }),
    buildPrograms(cacheDirectory, progress),
  ])
  return { programs, tools }
}
