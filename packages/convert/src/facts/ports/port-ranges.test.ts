import { expect, test } from 'vitest'
import { renderPlan } from '../../plan/render-plan.ts'
import { convert } from '../../test-conversion.ts'
import { listPorts } from './port-ranges.ts'

test('ports are listed as ranges of one protocol, in the order of their numbers', () => {
  const udp = [49160, 49162, 49161].map((port) => ({ port, protocol: 'UDP' }))
  const tcp = [3478, 49161].map((port) => ({ port, protocol: 'TCP' }))
  expect(listPorts([...udp, ...tcp])).toEqual(['3478/tcp', '49160-49162/udp', '49161/tcp'])
})

test('a published range is one line of the plan and of the ledger, and accepted by its first port', () => {
  const compose = `
name: pbx
services:
  pbx:
    image: x
    ports: ["5060:5060/udp", "10000-10400:10000-10400/udp", "8000-8002:9000-9002", "8003:9003"]
`
  const { plan, ledger } = convert(compose)
  expect(renderPlan(plan)).toContain(`
  ports      5060/udp  ports
             9000-9003/tcp  ports
             10000-10400/udp  at the addresses of the pods: too many for a Service
  published  5060/udp on a NodePort assigned by the cluster
             9000-9002/tcp on NodePorts assigned by the cluster
             9003/tcp on a NodePort assigned by the cluster
`)
  const lines = ledger.filter(({ path }) => path.startsWith('/services/pbx/ports'))
  expect(lines.map(({ path, outcome, dangerous }) => [path, outcome, dangerous])).toEqual([
    ['/services/pbx/ports', 'adapted', undefined],
    ['/services/pbx/ports/0', 'adapted', undefined],
    ['/services/pbx/ports/1', 'dropped', true],
    ['/services/pbx/ports/402', 'adapted', undefined],
    ['/services/pbx/ports/405', 'adapted', undefined],
  ])
  const accepted = convert(compose, { settings: { accept: ['services/pbx/ports/1'] } })
  expect(accepted.diagnostics.filter(({ code }) => /accept/.test(code))).toEqual([])
  expect(accepted.ledger.find(({ path }) => path === '/services/pbx/ports/1')?.accepted).toBe(true)
})

test('the network of the node offers a range of any size', () => {
  const { plan, bundle } = convert(
    'services: { pbx: { image: x, ports: ["10000-10400:10000-10400/udp"] } }',
    { settings: { services: { pbx: { host: { network: true } } } } },
  )
  expect(renderPlan(plan)).toContain('10000-10400/udp on ports 10000-10400 of the node of its pod')
  const annotations = bundle?.objects.get('service/pbx')?.metadata.annotations
  expect(annotations?.['landfall.dev/published']).toBe('10000-10400:10000-10400/udp?')
})
