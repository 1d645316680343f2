import type { ServiceUsage } from '@landfall/deploy'
import type { UsageLine } from '../../contract/day/top.ts'
import type { ReleasePlace } from '../../project/release.ts'
import type { Unversioned } from '../print-line.ts'

/** What services use, for programs. */
export function usageLine(
  { release, namespace }: ReleasePlace,
  usage: readonly ServiceUsage[],
): Unversioned<UsageLine> {
  const services = usage.map(({ service, pods, cpu, memory, memoryLimit }) => ({
    ...{ service, pods, cpu, memory },
    ...(memoryLimit !== undefined && { memoryLimit }),
  }))
  return { type: 'usage', release, namespace, services }
}
