import { apiNamespace, canRunRabbitMq, type RabbitMq, startRabbitMq } from '@landfall/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { burstTests } from './bursts.ts'
import { orderTests } from './orders.ts'
import { protocolTests } from './protocol.ts'
import { type World, world } from './world.ts'

const namespace = apiNamespace('fogflow')

describe.skipIf(!canRunRabbitMq() || !namespace.api.bare)(
  'against RabbitMQ (from Debian packages) and an API server without nodes',
  () => {
    let rabbit: RabbitMq
    let w: World
    beforeAll(async () => {
      rabbit = await startRabbitMq()
      w = await world(namespace.api, namespace.name, rabbit)
    })
    afterAll(async () => {
      await w?.close()
      await rabbit?.close()
    })

    protocolTests(() => w, namespace)
    burstTests(
      () => w,
      () => rabbit,
    )
    orderTests(
      () => w,
      () => rabbit,
    )
  },
)
