import { expect, test } from 'vitest'
import { clientSettings } from './client-settings.ts'

test('package managers get certificates and registries, and nothing else that a person configured', () => {
  const settings = clientSettings({
    npmRegistry: 'https://npm.example.com/',
    pipFiles: [
      '[global]\nindex-url = https://old.example.com/simple\nuser = me\npassword = secret\n',
      '[global]\nindex-url = https://pip.example.com/simple\n',
    ],
    environment: { PIP_TRUSTED_HOST: 'pip.example.com', PIP_CERT: '/here' },
  })
  expect(settings.npmrc).toBe(
    'cafile=/etc/ssl/certs/ca-certificates.crt\nregistry=https://npm.example.com/\n',
  )
  expect(settings.pip).toBe(
    `[global]
cert = /etc/ssl/certs/ca-certificates.crt
index-url = https://pip.example.com/simple
trusted-host = pip.example.com
`,
  )
})
