import { expect, test } from 'vitest'
import { addressPlan, maximumNodes, nodePlan, overlap, slotCount } from './address-plan.ts'

test('no two clusters share an address, a bridge or an interface name, also with all nodes', () => {
  const ranges: string[] = []
  const names = new Set<string>()
  for (let slot = 0; slot < slotCount; slot++) {
    const plan = addressPlan(slot)
    ranges.push(plan.nodeCidr, plan.podCidr)
    names.add(plan.id)
    for (const number of [1, maximumNodes]) names.add(nodePlan(plan, number).cable)
  }
  ranges.push(addressPlan(0).serviceCidr)
  for (const [at, range] of ranges.entries())
    for (const other of ranges.slice(at + 1)) expect(overlap(range, other)).toBe(false)
  expect(names.size).toBe(slotCount * 3)
  // IFNAMSIZ is 16 with the closing zero.
  expect(Math.max(...[...names].map((name) => name.length))).toBeLessThan(16)
})

test("a node's addresses lie in the ranges of its cluster", () => {
  const plan = addressPlan(13)
  const node = nodePlan(plan, maximumNodes)
  expect(overlap(`${node.address}/32`, plan.nodeCidr)).toBe(true)
  expect(overlap(node.podCidr, plan.podCidr)).toBe(true)
  expect(node).toEqual({
    name: 'node-31',
    address: '10.213.13.41',
    podCidr: '10.215.191.0/24',
    cable: 'landfall13n31',
  })
})

test('ranges overlap when one holds the other, and not when they are neighbours', () => {
  expect(overlap('10.0.0.0/8', '10.213.0.0/24')).toBe(true)
  expect(overlap('10.213.0.7/24', '10.213.0.0/24')).toBe(true)
  expect(overlap('10.213.0.0/24', '10.213.1.0/24')).toBe(false)
  expect(overlap('0.0.0.0/0', '192.0.2.1')).toBe(true)
})
