import { expect, test } from 'vitest'
import { addressPlan } from './address-plan.ts'
import { proxyEnvironment } from './proxy.ts'

test("behind a proxy the cluster's own addresses are added to those that are reached directly", () => {
  const env = { https_proxy: 'http://proxy.example:3128', NO_PROXY: 'intranet.example' }
  const { NO_PROXY } = proxyEnvironment(addressPlan(2), env)
  expect(NO_PROXY).toBe(
    'intranet.example,10.213.2.0/24,10.214.64.0/19,10.96.0.0/16,.svc,.cluster.local',
  )
})

test('without a proxy nothing is set', () => {
  expect(proxyEnvironment(addressPlan(2), { NO_PROXY: 'x', HTTP_PROXY: '' })).toEqual({})
})
