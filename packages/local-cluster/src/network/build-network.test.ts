import { expect, test } from 'vitest'
import { localAddresses } from './build-network.ts'

test('the addresses of this machine, without networks, broadcasts and repetitions', () => {
  const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.213.0.0/24 2 0 2
        |-- 10.213.0.0
           /24 link UNICAST
        |-- 10.213.0.1
           /32 host LOCAL
        |-- 10.213.0.255
           /32 link BROADCAST
     |-- 127.0.0.0
        /8 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
Local:
        |-- 10.213.0.1
           /32 link UNICAST
           /32 host LOCAL
`
  expect(localAddresses(trie)).toEqual(['10.213.0.1', '127.0.0.1'])
})
