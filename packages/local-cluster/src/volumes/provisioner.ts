import { randomBytes } from 'node:crypto'
import {
  type Clock,
  type KubeClient,
  type KubeObject,
  machineClock,
  StatusError,
} from '@landfall/kube'
import type { NodeDisks } from './directories.ts'
import {
  isReleased,
  isWaiting,
  nodeOf,
  nodeOfVolume,
  type Provisioner,
  refusal,
  volumeFor,
  volumeName,
} from './volume.ts'

export interface ProvisionerOptions {
  client: KubeClient
  provisioner: Provisioner
  disks: NodeDisks
  /** Receives lines for people. */
  log: (line: string) => void
  signal: AbortSignal
  /** For pauses between attempts; the machine's if omitted. */
  clock?: Clock
}

const CLAIMS = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }
const VOLUMES = { apiVersion: 'v1', kind: 'PersistentVolume' }
const LONGEST_PAUSE_MS = 15_000

/**
 * Provides claims with volumes and removes volumes that are released, until the signal is aborted. An API server that cannot be reached
 * is waited for, however long; what fails is tried again, with an event on the claim (`ProvisioningFailed`) or the volume
 * (`VolumeFailedDelete`), as provisioners of other clusters report it.
 */
export async function runProvisioner(options: ProvisionerOptions): Promise<void> {
  const { client, provisioner, disks, log } = options
  const claims = follow(options, CLAIMS, {
    isWanted: (claim) => isWaiting(claim, provisioner),
    async serve(claim) {
      const name = volumeName(claim)
      if ((await client.get({ ...VOLUMES, name })) !== undefined) return
      const because = refusal(claim)
      if (because !== undefined) throw new Error(because)
      const storageClass = await classOf(client, claim)
      if (storageClass.provisioner !== provisioner.name) return
      await disks.provide(nodeOf(claim) ?? '', name)
      await createOnce(client, volumeFor(claim, storageClass, provisioner))
      log(`provided ${keyOf(claim)} with ${name} on ${nodeOf(claim)}`)
      await report(
        options,
        claim,
        'Normal',
        'ProvisioningSucceeded',
        `Successfully provisioned volume ${name}`,
      )
    },
    failure: (claim, reason) => ({
      reason: 'ProvisioningFailed',
      message: `failed to provision volume with StorageClass "${claim.spec.storageClassName}": ${reason}`,
    }),
  })
  const volumes = follow(options, VOLUMES, {
    isWanted: (volume) => isReleased(volume, provisioner),
    async serve(volume) {
      const { name, uid } = volume.metadata
      await disks.remove(nodeOfVolume(volume) ?? '', name)
      await client.delete({ ...VOLUMES, name }, { uid: uid as string })
      log(`removed ${name}`)
    },
    failure: (_, reason) => ({ reason: 'VolumeFailedDelete', message: reason }),
  })
  await Promise.all([claims, volumes])
}

interface Work {
  isWanted(object: KubeObject): boolean
  /** Can be repeated. */
  serve(object: KubeObject): Promise<void>
  failure(object: KubeObject, reason: string): { reason: string; message: string }
}

/** Serves all objects of a kind that want it, each one at a time, and again after a pause when that fails. */
async function follow(
  options: ProvisionerOptions,
  kind: { apiVersion: string; kind: string },
  work: Work,
): Promise<void> {
  const { client, log, signal, clock = machineClock } = options
  const known = new Map<string, KubeObject>()
  const busy = new Set<string>()

  const serve = async (key: string): Promise<void> => {
    if (busy.has(key)) return
    busy.add(key)
    let reported: string | undefined
    for (let pause = 500; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const object = known.get(key)
      if (object === undefined || !work.isWanted(object)) break
      try {
        await work.serve(object)
        // What changed meanwhile is looked at in the next round; an object that stays as it is, is served.
        if (known.get(key) === object) break
      } catch (error) {
        const { reason, message } = work.failure(object, (error as Error).message)
        log(`${keyOf(object)}: ${message}`)
        if (reported !== message) await report(options, object, 'Warning', reason, message)
        reported = message
        await clock.sleep(pause)
      }
    }
    busy.delete(key)
  }
  const note = (object: KubeObject) => {
    known.set(keyOf(object), object)
    void serve(keyOf(object))
  }

  while (!signal.aborted) {
    try {
      for await (const step of client.watch(kind, { signal })) {
        if (step.type === 'listed') {
          known.clear()
          step.objects.forEach(note)
        } else if (step.type === 'changed') note(step.object)
        else if (step.type === 'removed') known.delete(keyOf(step.object))
      }
    } catch (error) {
      if (!signal.aborted) log(`cannot watch ${kind.kind}: ${(error as Error).message}`)
      await clock.sleep(1000)
    }
  }
}

async function classOf(client: KubeClient, claim: KubeObject): Promise<KubeObject> {
  const name = claim.spec.storageClassName
  const found = await client.get({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name })
  if (found === undefined) throw new Error(`the StorageClass "${name}" does not exist`)
  return found
}

async function createOnce(client: KubeClient, volume: KubeObject): Promise<void> {
  try {
    await client.create(volume)
  } catch (error) {
    if (!(error instanceof StatusError && error.status.reason === 'AlreadyExists')) throw error
  }
}

/** Writes an event; one that cannot be written is only logged. */
async function report(
  { client, provisioner, log }: ProvisionerOptions,
  { apiVersion, kind, metadata }: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): Promise<void> {
  const { name, namespace = 'default', uid, resourceVersion } = metadata
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const about = { apiVersion, kind, name, uid, resourceVersion }
  try {
    await client.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name.slice(0, 200)}.${randomBytes(8).toString('hex')}`, namespace },
      involvedObject: metadata.namespace === undefined ? about : { ...about, namespace },
      ...{ type, reason, message: message.slice(0, 1000) },
      ...{ firstTimestamp: now, lastTimestamp: now, count: 1 },
      source: { component: provisioner.name },
    })
  } catch (error) {
    log(`the event ${reason} of ${name} was not written: ${(error as Error).message}`)
  }
}

function keyOf({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}
