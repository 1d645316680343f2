import { expect, test } from 'vitest'
import { listenerAddresses } from './listeners.ts'

test('addresses of listening sockets are told, those of connections are not', () => {
  const text = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100D50A:57E4 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0',
    '   1: 0101D50A:57E4 0B01D50A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1',
    '   2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0',
    '',
  ].join('\n')
  expect(listenerAddresses(text)).toEqual(['10.213.0.1', '127.0.0.1'])
})
