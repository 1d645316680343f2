import type { WorkerConfig } from '../config.ts'

/** What the master knows of a worker; the names and the order of the fields are FogFlow's. */
export interface WorkerProfile {
  id: string
  location: { latitude: number; longitude: number }
  geohash_id: string
  os: 'linux'
  hardware: 'amd64' | 'arm'
  capacity: number
  /** Tasks that it has. */
  workload: number
  CAdvisorPort: number
  EdgeAddress: string
}

/** The profile of a worker. `arch` is Node's; the master gives arm64 the images of X86, so that 64-bit ARM calls itself arm. */
export function profileOf(config: WorkerConfig, workload: number, arch: string): WorkerProfile {
  return {
    id: config.id,
    location: config.location,
    geohash_id: '',
    os: 'linux',
    hardware: arch.startsWith('arm') ? 'arm' : 'amd64',
    capacity: config.capacity,
    workload,
    CAdvisorPort: 0,
    EdgeAddress: '',
  }
}
