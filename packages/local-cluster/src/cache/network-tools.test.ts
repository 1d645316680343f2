import { expect, test } from 'vitest'
import { isNftNewEnough } from './network-tools.ts'

test.each([
  ['nftables v1.0.6 (Lester Gooch #5)\n', true],
  ['nftables v1.0.1 (Fearless Fosdick #3)\n', true],
  ['nftables v1.1 (x)\n', true],
  ['nftables v1.0.0 (Fearless Fosdick)\n', false],
  ['nftables v0.9.8 (E.D.S.)\n', false],
  ['', false],
])('%j: new enough for kube-proxy: %s', (printed, enough) => {
  expect(isNftNewEnough(printed)).toBe(enough)
})
