import { FILLED_FROM_ANNOTATION, type KubeObject, RESET_FILES_ANNOTATION } from '@landfall/kube'
import { apiNamespace, deployment } from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import type { DeployEvent } from '../events.ts'
import { type DeployOptions, deployRelease } from '../index.ts'
import { fastClock } from '../test-clock.ts'

const { name: namespace, api, statuses } = apiNamespace('reset-files', { deletes: true })
const { client } = api

const filled = (name: string, tree: string): KubeObject => {
  const object = deployment(name)
  const annotations = { [FILLED_FROM_ANNOTATION]: JSON.stringify([tree]) }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

const objects = [filled('app', './config'), filled('web', './site')]

/** Deploys while the Deployments with new pods get ready; gives those that were not `unchanged`. */
async function deploy(
  renewed: readonly string[],
  resetFiles?: DeployOptions['resetFiles'],
): Promise<string[]> {
  const events: DeployEvent[] = []
  const deploying = deployRelease({
    client,
    release: 'reset',
    namespace,
    objects,
    clock: fastClock(10),
    timeoutMs: api.bare ? 200_000 : 1_000_000,
    onEvent: (event) => events.push(event),
    ...(resetFiles && { resetFiles }),
  })
  const ready = renewed.map((name) => statuses.deploymentReady(name))
  const [verdict] = await Promise.all([deploying, ...ready])
  expect(verdict.failure).toBeUndefined()
  return events
    .flatMap((event) => (event.type === 'plan' ? event.operations : []))
    .filter(({ verb, object }) => verb !== 'unchanged' && object.startsWith('deployment/'))
    .map(({ verb, object }) => `${verb} ${object}`)
}

async function resetsOf(name: string): Promise<unknown> {
  const object = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', name, namespace })
  return object?.spec.template.metadata.annotations?.[RESET_FILES_ANNOTATION]
}

describe.sequential('files of volumes that are reset', () => {
  test('the pods of the tree are replaced once, others are not touched', async () => {
    expect(await deploy(['app', 'web'])).toEqual(['create deployment/app', 'create deployment/web'])
    expect(await deploy(['app'], { token: 't1', paths: ['./config/app.ini'] })).toEqual([
      'update deployment/app',
    ])
    expect([await resetsOf('app'), await resetsOf('web')]).toEqual([
      't1 ./config/app.ini',
      undefined,
    ])
  })

  test('a later deploy does not replace them again', async () => {
    expect(await deploy([])).toEqual([])
    expect(await resetsOf('app')).toBe('t1 ./config/app.ini')
  })
})
