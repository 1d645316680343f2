import { allReady, eventually, type Json, type Namespace } from '@landfall/testkit'
import { expect } from 'vitest'

/** What tests look at in a release of the project beside this file. */
export function keptRelease(namespace: Namespace) {
  const podsOf = async (service: string): Promise<Json[]> =>
    (await namespace.list('pods', `app.kubernetes.io/name=${service}`)).filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined && status.phase === 'Running',
    )
  const podOf = async (service: string): Promise<Json> => {
    const [pod, ...others] = await podsOf(service)
    if (pod === undefined || others.length > 0)
      throw new Error(`not one pod of ${service}: ${others.length + (pod === undefined ? 0 : 1)}`)
    return pod
  }
  /** What a program answers. */
  const ask = async (service: string, path = ''): Promise<string> => {
    const script = `fetch('http://${service}:8000/${path}').then(async (r) => console.log(await r.text()))`
    const { metadata } = await podOf(service)
    const inside = ['-c', service, '--', 'node', '-e', script]
    return namespace.kubectl(['exec', metadata.name, ...inside])
  }
  const stateOf = async (service: string): Promise<Json> => JSON.parse(await ask(service))
  /** What the keeper has done to a service. */
  const actsOf = async (service: string): Promise<Json[]> => {
    const { metadata } = await namespace.get('deployment', service)
    return JSON.parse(metadata.annotations['landfall.dev/keeper'] ?? '{"acts":[]}').acts
  }
  /** Everything is ready, and whoever has learnt something of another at its start has learnt it of the present one. */
  const healed = async (within = 180_000): Promise<void> => {
    await eventually(within, async () => {
      await allReady(namespace)
      await inTouch()
    })
  }
  /** The same, while pods of a lost node do not end. */
  const inTouch = async (): Promise<void> => {
    const names = ['broker', 'master', 'worker', 'store', 'reader']
    const [broker, master, worker, store, reader] = await Promise.all(names.map(stateOf))
    expect(master.broker).toBe(broker.id)
    expect(worker.broker).toBe(broker.id)
    expect(worker.master).toBe(master.id)
    expect(reader.key.trim()).toBe(store.id)
  }
  return { podsOf, podOf, ask, stateOf, actsOf, healed, inTouch }
}
