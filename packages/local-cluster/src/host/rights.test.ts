import { expect, test } from 'vitest'
import { daemonEnvironment, withFewestRights } from './processes.ts'

test("of a user's environment a daemon gets where things are, and no tokens", () => {
  const environment = {
    PATH: '/bin',
    https_proxy: 'http://proxy:3128',
    SSL_CERT_FILE: '/c.crt',
    GITHUB_TOKEN: 'x',
    AWS_SECRET_ACCESS_KEY: 'y',
    LD_PRELOAD: '/z.so',
  }
  expect(Object.keys(daemonEnvironment(environment))).toEqual([
    'PATH',
    'https_proxy',
    'SSL_CERT_FILE',
  ])
})

test.runIf(process.getuid?.() === 0)('root gives up what a daemon does not need', () => {
  const command: [string, ...string[]] = ['/bin/coredns', '-conf', 'c']
  expect(withFewestRights({ name: 'a', command, capabilities: ['net_bind_service'] })).toEqual([
    'setpriv',
    '--no-new-privs',
    '--bounding-set=-all,+net_bind_service',
    '--inh-caps=-all',
    ...command,
  ])
})
