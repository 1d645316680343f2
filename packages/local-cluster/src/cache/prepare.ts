import type { Progress } from '../contract.ts'
import { type HostTools, unpackHostTools } from './host-tools.ts'
import { buildPrograms, type Programs } from './programs.ts'

/** Builds and unpacks everything that a cluster runs. With a warm cache it takes a moment. */
export async function prepare(
  cacheDirectory: string,
  progress: Progress,
): Promise<{ programs: Programs; tools: HostTools }> {
  const tools = await unpackHostTools(cacheDirectory, progress)
  const programs = await buildPrograms(cacheDirectory, progress)
  return { programs, tools }
}
