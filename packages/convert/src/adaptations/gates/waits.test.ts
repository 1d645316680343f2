import { printWait } from '@landfall/kube'
import { expect, test } from 'vitest'
import { convert } from '../../test-conversion.ts'

const mq =
  'mq: { image: "redis:7", ports: ["16379"], healthcheck: { test: "true" }, networks: { default: { aliases: [queue] } } }'

function gateOf(app: string): { wait: string | undefined; ports: number[] | undefined } {
  const { plan, bundle } = convert(`services:\n  ${mq}\n  app: { image: x, ${app} }`)
  const gate = plan.services.find(({ service }) => service === 'app')?.gates[0]
  const wait = gate === undefined ? undefined : printWait(gate.wait)
  const asked = bundle?.objects.get(`service/${wait?.split(' ')[1]}`)
  return { wait, ports: asked?.spec.ports?.map(({ port }: { port: number }) => port) }
}

test('who waits for health asks every known port of ready pods, one of which must answer', () => {
  const early = 'healthcheck: { test: "true" }, environment: { MQ: queue }'
  const started = `other: { image: y, environment: { MQ: mq } }`
  expect(gateOf('depends_on: { mq: { condition: service_healthy } }')).toEqual({
    wait: 'healthy mq 16379 6379',
    ports: [6379, 16379],
  })
  expect(
    gateOf(
      `depends_on: { mq: { condition: service_healthy } } }\n  ${started}\n  z: { image: x, ${early}`,
    ),
  ).toEqual({
    wait: 'healthy mq-ready 16379 6379',
    ports: [16379, 6379],
  })
})

test('who waits for the start asks the name that the program uses, on the ports that others use', () => {
  expect(gateOf('depends_on: [mq]')).toEqual({ wait: 'started mq 16379', ports: [6379, 16379] })
})
