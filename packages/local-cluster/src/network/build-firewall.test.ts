import { expect, test } from 'vitest'
import { addressPlan, overlap, slotCount } from './address-plan.ts'
import { buildFirewall, loopbackForwards } from './build-firewall.ts'

const cable = { id: 'landfallb3', host: '10.213.32.13', build: '10.213.32.14' }

/** The rules of a chain, in order. */
function chain(rules: string, name: string): string[] {
  const text = new RegExp(`chain ${name} \\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*?)\\n  \\}`).exec(
    rules,
  )?.[1]
  return (text ?? '').split('\n').map((line) => line.trim())
}

test('of this machine a build reaches its endpoints and name servers, and everything else is refused', () => {
  const endpoints = [{ address: '10.213.0.1', port: 22500 }]
  const rules = buildFirewall(cable, ['192.0.2.53'], endpoints)
  expect(chain(rules, 'input')).toEqual([
    'type filter hook input priority filter - 10;',
    'iifname != "landfallb3" accept',
    'ct state established,related accept',
    'ip daddr 192.0.2.53 udp dport 53 accept',
    'ip daddr 192.0.2.53 tcp dport 53 accept',
    'ip daddr 10.213.0.1 tcp dport 22500 accept',
    'reject',
  ])
})

test('nothing is forwarded into a build, and nothing of it to loopback, link-local addresses or any cluster', () => {
  const forward = chain(buildFirewall(cable, [], []), 'forward')
  expect(forward).toContain('oifname "landfallb3" drop')
  const refused = /\{ (.*) \} reject/.exec(forward.at(-1) ?? '')?.[1]?.split(', ') ?? []
  const isRefused = (range: string) => refused.some((one) => overlap(one, range))
  const slots = Array.from({ length: slotCount }, (_, slot) => addressPlan(slot))
  for (const { nodeCidr, podCidr, serviceCidr } of slots)
    for (const range of [nodeCidr, podCidr, serviceCidr]) expect(isRefused(range)).toBe(true)
  for (const address of ['127.0.0.1', '169.254.169.254', '0.0.0.0', '255.255.255.255'])
    expect(isRefused(`${address}/32`)).toBe(true)
  for (const address of ['192.168.1.10', '10.1.2.3', '151.101.2.132'])
    expect(isRefused(`${address}/32`)).toBe(false)
})

test('an endpoint on loopback is reached under its own address, through the cable', () => {
  const endpoints = [{ address: '127.0.0.1', port: 3128 }]
  expect(chain(loopbackForwards(cable, endpoints), 'output')).toContain(
    'ip daddr 127.0.0.1 tcp dport 3128 dnat to 10.213.32.13:3128',
  )
  const rules = buildFirewall(cable, [], endpoints)
  expect(chain(rules, 'prerouting')).toContain(
    'iifname "landfallb3" ip daddr 10.213.32.13 tcp dport 3128 dnat to 127.0.0.1:3128',
  )
  expect(chain(rules, 'input')).toContain('ip daddr 127.0.0.1 tcp dport 3128 accept')
})
