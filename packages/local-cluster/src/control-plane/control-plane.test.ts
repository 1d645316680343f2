import { expect, test } from 'vitest'
import { addressPlan } from '../network/address-plan.ts'
import { corefile, nameServers } from './control-plane.ts'

test('name servers are read as the C library does: three at most, comments and options left out', () => {
  const text = [
    '# nameserver 192.0.2.1',
    'search example.com',
    'nameserver 192.0.2.2',
    '  nameserver fd00::1',
    'options ndots:5',
    'nameserver 192.0.2.3',
    'nameserver 192.0.2.4',
  ].join('\n')
  expect(nameServers(text)).toEqual(['192.0.2.2', 'fd00::1', '192.0.2.3'])
})

test("names of the cluster are never cached, other names come from the machine's name servers", () => {
  const [cluster, outside] = corefile(addressPlan(0), '/k', ['192.0.2.2']).split('\n.:53')
  expect(cluster).not.toContain('cache')
  expect(outside).toContain('forward . 192.0.2.2')
})

test('without name servers there is no zone for other names', () => {
  expect(corefile(addressPlan(0), '/k', [])).not.toContain('forward')
})
