import { expect, test } from 'vitest'
import { secretOf } from './secret-of.ts'

test.each([
  ['bin/x create --user admin --password hunter22', '--password'],
  ['bin/x create --password=hunter22', '--password'],
  ["bin/x --admin-password 'a b'", '--admin-password'],
  ['DB_PASSWORD=hunter22 bin/x', 'DB_PASSWORD'],
  ['bin/x --password "$(head -c 18 /dev/urandom | base64)"', undefined],
  ['bin/x --password $PASSWORD', undefined],
  ['bin/x --password --user admin', undefined],
  ['bin/x --password-file /etc/password', undefined],
  ['cp conf/password.sample conf/password', undefined],
])('%s', (command, secret) => {
  expect(secretOf(command)).toBe(secret)
})
